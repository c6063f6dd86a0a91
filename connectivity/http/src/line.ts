import {
  type AdapterPorts,
  BOUNDS,
  connectivityErrors,
  type DeviceSession,
  type PolledCommands,
  refusing,
} from '@millwright/connectivity'
import type { Clock, MillwrightError } from '@millwright/foundation'
import type { DeviceIdentity } from '@millwright/trust'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { plainBody } from './codec.ts'
import type { HttpAdapterConfig } from './config.ts'
import { identify } from './identify.ts'
import type { HttpSessions } from './sessions.ts'

const EMPTY = Buffer.alloc(0)

/** The ports of an adapter, whose devices ask for their commands. */
export type HttpPorts = AdapterPorts & { readonly commands: PolledCommands }

/** From a request to the session of the device that sent it. */
export class DeviceLine {
  readonly connectivity: HttpPorts
  readonly clock: Clock
  readonly config: HttpAdapterConfig
  readonly #identity: DeviceIdentity
  readonly #sessions: HttpSessions
  readonly #taken = new WeakMap<FastifyRequest, { session: DeviceSession; release: () => void }>()

  constructor(
    connectivity: HttpPorts,
    identity: DeviceIdentity,
    sessions: HttpSessions,
    clock: Clock,
    config: HttpAdapterConfig,
  ) {
    this.connectivity = connectivity
    this.#identity = identity
    this.#sessions = sessions
    this.clock = clock
    this.config = config
  }

  /** Finds out whose request this is, before its body is read. @throws 401, 403, 503 */
  async open(request: FastifyRequest): Promise<void> {
    const { token } = request.params as { token?: string }
    const device = token === undefined ? await identify(request, this.#identity) : await this.#identity.byToken(token)
    this.#taken.set(request, await this.#sessions.take(device, request.ip))
    if (request.method === 'POST' && this.connectivity.intake.saturated) throw connectivityErrors.backlog()
  }

  /** The session of the device that sent this request. */
  sessionOf(request: FastifyRequest): DeviceSession {
    return this.#taken.get(request)!.session
  }

  /** The body, decompressed; when it cannot be, that is a dead letter too. */
  bodyOf(request: FastifyRequest): Promise<Buffer> {
    const raw = Buffer.isBuffer(request.body) ? request.body : EMPTY
    return refusing(this.connectivity.deadLetters, this.sessionOf(request), raw, sourceOf(request), () =>
      plainBody(raw, request.headers['content-encoding']),
    )
  }

  /** A body that was too large to be read at all: nothing of it is kept, but that it came is. */
  async tooLarge(request: FastifyRequest, error: MillwrightError): Promise<void> {
    const taken = this.#taken.get(request)
    if (taken === undefined) return
    const { tenant, device } = taken.session
    const size = Number(request.headers['content-length'] ?? BOUNDS.payloadBytes + 1)
    const { code, message: reason } = error
    await this.connectivity.deadLetters.record({
      tenant,
      device,
      source: sourceOf(request),
      code,
      reason,
      payload: EMPTY,
      size,
    })
  }

  /** Aborts when the client hangs up before it is answered. */
  goneOf(reply: FastifyReply): AbortSignal {
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    return gone.signal
  }

  /** The request is answered, whatever came of it. */
  done(request: FastifyRequest): void {
    this.#taken.get(request)?.release()
    this.#taken.delete(request)
  }
}

/** As dead letters and the message list name it; a token in the path stays out of both. */
const sourceOf = (request: FastifyRequest): string =>
  `http:${(request.routeOptions.url ?? '').replace(':token', '<token>')}`
