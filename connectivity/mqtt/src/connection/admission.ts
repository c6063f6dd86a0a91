import { randomBytes } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { type DeviceSession, namespaceOf, routeOf, topicProblem } from '@millwright/connectivity'
import { type Micros, MillwrightError } from '@millwright/foundation'
import type { MqttContext } from '../context.ts'
import { mqttErrors, RETURN_CODE, type Refusal } from '../errors.ts'
import { identify } from '../identify.ts'
import type { ConnectPacket, Will } from '../wire/decode.ts'

/** A connection that may go on. */
export interface Admitted {
  readonly session: DeviceSession
  /** As the device named itself. */
  readonly clientId: string
  /** The same inside the broker, where two devices may have the same client id. */
  readonly id: string
  readonly clean: boolean
  readonly keepAlive: number
  readonly will: Will | undefined
  /** When the certificate it showed ends. */
  readonly until: Micros | undefined
}

export type Admission = { readonly admitted: Admitted } | { readonly refusal: Refusal }

const no = (returnCode: Refusal['returnCode'], error: MillwrightError): { refusal: Refusal } => ({
  refusal: { returnCode, error },
})

/** Judges a CONNECT: protocol, names and will first, then who it is, then whether there is room. */
export async function admit(context: MqttContext, socket: TLSSocket, connect: ConnectPacket): Promise<Admission> {
  const refusal = judge(context, connect)
  if (refusal !== undefined) return { refusal }
  const identified = await identify(credentialsOf(socket, connect), context.trust.deviceIdentity, context.clock.now())
  if ('refusal' in identified) return identified
  const { identity } = identified
  const { connectionsPerDevice: limit } = context.limits
  if (context.ports.sessions.of(identity.device).length >= limit) {
    return no(RETURN_CODE.unavailable, mqttErrors.tooManyConnections({ limit }))
  }
  let session: DeviceSession
  try {
    session = await context.ports.sessions.open(identity, 'mqtt', socket.remoteAddress ?? '')
  } catch (error) {
    const known = error instanceof MillwrightError ? error : mqttErrors.unavailable({ cause: error })
    const returnCode =
      known.status === 503 || known.status === 429 ? RETURN_CODE.unavailable : RETURN_CODE.notAuthorized
    return no(returnCode, known)
  }
  const { clean, keepAlive, will } = connect
  const clientId = connect.clientId === '' ? `auto-${randomBytes(9).toString('base64url')}` : connect.clientId
  const id = `${namespaceOf(identity.device)}${clientId}`
  return { admitted: { session, clientId, id, clean, keepAlive, will, until: identified.until } }
}

function judge(context: MqttContext, connect: ConnectPacket): Refusal | undefined {
  const { limits } = context
  if (context.stopping) return { returnCode: RETURN_CODE.unavailable, error: mqttErrors.stopping() }
  const named = (what: string): Refusal => ({
    returnCode: RETURN_CODE.identifierRejected,
    error: mqttErrors.clientId({ what, path: 'clientId' }),
  })
  // [MQTT-3.1.3-7, 3.1.3-8]: without a name there is nothing to keep a session under.
  if (connect.clientId === '' && !connect.clean) return named('it is empty, and the session is to be kept')
  if (connect.clientId === '' && connect.version === 3) return named('it is empty, which MQTT 3.1 does not allow')
  if (Buffer.byteLength(connect.clientId) > limits.clientIdBytes) {
    return named(`it is longer than ${limits.clientIdBytes} bytes`)
  }
  if (connect.will === undefined) return undefined
  const { topic } = connect.will
  const bad = (why: string): Refusal => ({
    returnCode: RETURN_CODE.notAuthorized,
    error: mqttErrors.willTopic({ topic, why, path: 'will.topic' }),
  })
  const problem = topicProblem(topic, { bytes: limits.topicBytes, levels: limits.topicLevels })
  if (problem !== undefined) return bad(`${problem}.`)
  const { to } = routeOf(topic)
  const taken = to === 'telemetry' || to === 'user' || to === 'attributes' || to === 'twin-reported'
  return taken ? undefined : bad('a will may go to telemetry, reported state or mw/v1/user/… only.')
}

function credentialsOf(socket: TLSSocket, connect: ConnectPacket) {
  const certificate = socket.getPeerX509Certificate()
  // `authorized` alone proves nothing: a resumed TLS 1.3 session without any client certificate counts as authorized.
  const chainError = socket.authorized ? undefined : String(socket.authorizationError ?? 'not verified')
  return { certificate, chainError, username: connect.username }
}
