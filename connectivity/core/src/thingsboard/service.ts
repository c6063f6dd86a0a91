import type { Log } from '@millwright/foundation'
import { readJson, readJsonObject } from '../codecs/json/document.ts'
import type { DeliverableCommand } from '../commands/model.ts'
import { refusing } from '../dead-letters/refusing.ts'
import { connectivityErrors } from '../errors.ts'
import type { DeviceSession, SessionEvents } from '../sessions/model.ts'
import { pick, readAttributesRequest, sharedUpdates } from './attributes.ts'
import { type GatewayOptions, ThingsBoardGateway } from './gateway.ts'
import type { GatewayLink, ThingsBoard } from './model.ts'
import { jsonBytes, replyOf, rpcOf } from './rpc.ts'

export interface ThingsBoardOptions extends Omit<GatewayOptions, 'quietly'> {
  readonly sessions: SessionEvents
  readonly log: Log
}

/** ThingsBoard's device API on what Millwright has: telemetry, twin (attributes) and commands (RPC). */
export class ThingsBoardService implements ThingsBoard {
  readonly #options: ThingsBoardOptions

  constructor(options: ThingsBoardOptions) {
    this.#options = options
  }

  telemetry(session: DeviceSession, payload: Uint8Array, source: string): Promise<void> {
    return this.#options.intake.accept(session, 'thingsboard+json', payload, source)
  }

  attributes(session: DeviceSession, payload: Uint8Array, source: string): Promise<void> {
    const { twins, deadLetters } = this.#options
    return refusing(deadLetters, session, payload, source, () => twins.report(session, readJsonObject(payload)))
  }

  attributesRequest(session: DeviceSession, payload: Uint8Array, source: string): Promise<Uint8Array> {
    const { twins, deadLetters } = this.#options
    return refusing(deadLetters, session, payload, source, async () => {
      const wanted = readAttributesRequest(payload)
      const [client, shared] = await Promise.all([twins.reported(session), twins.desired(session)])
      return jsonBytes({ client: pick(client.document, wanted.client), shared: pick(shared.document, wanted.shared) })
    })
  }

  watchShared(session: DeviceSession, send: (payload: Uint8Array) => void): void {
    this.#options.twins.watch(session, (change) => {
      for (const update of sharedUpdates(change)) send(jsonBytes(update))
    })
  }

  rpcRequest(command: DeliverableCommand): Uint8Array {
    return jsonBytes(rpcOf(command))
  }

  rpcResponse(session: DeviceSession, number: number, payload: Uint8Array, source: string): Promise<void> {
    const { commands, deadLetters } = this.#options
    return refusing(deadLetters, session, payload, source, () =>
      commands.reply(session, number, replyOf(payload.length === 0 ? null : readJson(payload))),
    )
  }

  clientRpcRefusal(): Uint8Array {
    const { code, message } = connectivityErrors.rpcNotOffered()
    return jsonBytes({ error: message, code })
  }

  gateway(
    session: DeviceSession,
    send: (channel: 'attributes' | 'rpc', payload: Uint8Array) => Promise<void>,
  ): GatewayLink {
    const { sessions, log } = this.#options
    const quietly = (push: Promise<void>, child: DeviceSession) => {
      push.catch((error: unknown) =>
        log.warn({ err: error, device: child.device }, 'attributes did not reach the gateway'),
      )
    }
    const link = new ThingsBoardGateway(session, send, { ...this.#options, quietly })
    const closed = sessions.closed((other, reason) => {
      if (other !== session) return
      closed.cancel()
      link.close(reason)
    })
    return link
  }
}
