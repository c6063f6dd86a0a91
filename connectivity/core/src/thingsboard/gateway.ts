import { readJsonObject } from '../codecs/json/document.ts'
import type { Commands } from '../commands/model.ts'
import type { DeadLetters } from '../dead-letters/model.ts'
import { refusing } from '../dead-letters/refusing.ts'
import { connectivityErrors, isRefusal } from '../errors.ts'
import type { Intake } from '../intake/model.ts'
import { Line } from '../line.ts'
import type { DeviceSession } from '../sessions/model.ts'
import type { Twins } from '../twins/model.ts'
import { sharedUpdates } from './attributes.ts'
import { readDeviceName, readGatewayReply, splitByDevice } from './gateway-message.ts'
import type { GatewayLink } from './model.ts'
import { jsonBytes, replyOf, rpcOf } from './rpc.ts'

export interface GatewayOptions {
  readonly intake: Intake
  readonly commands: Commands
  readonly twins: Twins
  readonly deadLetters: DeadLetters
  /** Opens a session for the device of this name behind the gateway; makes the device when there is none. */
  readonly openBehind: (gateway: DeviceSession, name: string) => Promise<DeviceSession>
  /** Logs when a push to the device does not arrive; the device asks again when it comes back. */
  readonly quietly: (push: Promise<void>, session: DeviceSession) => void
}

type Send = (channel: 'attributes' | 'rpc', payload: Uint8Array) => Promise<void>

/** A gateway's session, and the sessions of the devices behind it. */
export class ThingsBoardGateway implements GatewayLink {
  readonly #gateway: DeviceSession
  readonly #send: Send
  readonly #options: GatewayOptions
  readonly #children = new Map<string, DeviceSession>()
  /** Messages that wait for a device to be looked up or made, and those behind them. */
  readonly #line = new Line()

  constructor(gateway: DeviceSession, send: Send, options: GatewayOptions) {
    if (!gateway.gateway) throw connectivityErrors.gatewayOnly({ path: '/' })
    this.#gateway = gateway
    this.#send = send
    this.#options = options
  }

  /** The gateway's session ended: so do those of its devices. */
  close(reason: string): void {
    for (const child of this.#children.values()) child.close(`its gateway ${this.#gateway.name} went: ${reason}`)
    this.#children.clear()
  }

  connect(payload: Uint8Array, source: string): Promise<void> {
    return this.#refusing(payload, source, () => {
      const name = readDeviceName(payload)
      return this.#inTurn(async () => {
        await this.#child(name)
      })
    })
  }

  disconnect(payload: Uint8Array, source: string): Promise<void> {
    return this.#refusing(payload, source, () => {
      const name = readDeviceName(payload)
      return this.#inTurn(async () => {
        this.#children.get(name)?.close('its gateway said that it left')
        this.#children.delete(name)
      })
    })
  }

  telemetry(payload: Uint8Array, source: string): Promise<void> {
    return this.#forEach(payload, source, (child, part) =>
      this.#options.intake.accept(child, 'thingsboard+json', part, source),
    )
  }

  attributes(payload: Uint8Array, source: string): Promise<void> {
    const { deadLetters, twins } = this.#options
    return this.#forEach(payload, source, (child, part) =>
      refusing(deadLetters, child, part, source, () => twins.report(child, readJsonObject(part))),
    )
  }

  rpc(payload: Uint8Array, source: string): Promise<void> {
    return this.#refusing(payload, source, () => {
      const { device, id, data } = readGatewayReply(payload)
      return this.#inTurn(async () => {
        await this.#options.commands.reply(await this.#child(device), id, replyOf(data))
      })
    })
  }

  /** Hands each device its part, in order. A part that is refused does not keep the others from being stored. */
  async #forEach(
    payload: Uint8Array,
    source: string,
    take: (child: DeviceSession, part: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const parts = await this.#refusing(payload, source, () => splitByDevice(payload))
    if (this.#line.length === 0 && parts.every(({ device }) => this.#live(device) !== undefined)) {
      return worstOf(parts.map(({ device, payload: part }) => take(this.#live(device)!, part)))
    }
    const kept = splitByDevice(Buffer.from(payload))
    const handed = await this.#inTurn(async () => {
      const found: ({ child: DeviceSession } | { error: unknown })[] = []
      for (const { device } of kept) {
        found.push(
          await this.#child(device).then(
            (child) => ({ child }),
            (error: unknown) => ({ error }),
          ),
        )
      }
      // All parts without a pause between them: mostly they then share one window of the historian.
      const outcomes = kept.map(({ payload: part }, i) => {
        const to = found[i]!
        if ('child' in to) return take(to.child, part)
        return this.#refusing(part, source, () => Promise.reject(to.error))
      })
      return { outcome: worstOf(outcomes) }
    })
    await handed.outcome
  }

  #live(name: string): DeviceSession | undefined {
    const child = this.#children.get(name)
    return child === undefined || child.closed ? undefined : child
  }

  async #child(name: string): Promise<DeviceSession> {
    const live = this.#live(name)
    if (live !== undefined) return live
    const child = await this.#options.openBehind(this.#gateway, name)
    if (this.#gateway.closed) {
      child.close(`its gateway ${this.#gateway.name} went`)
      throw connectivityErrors.notStored()
    }
    this.#children.set(name, child)
    this.#options.commands.attach(child, {
      deliver: (command) =>
        this.#send('rpc', jsonBytes({ device: name, data: { id: command.number, ...rpcOf(command) } })),
    })
    this.#options.twins.watch(child, (change) => {
      for (const data of sharedUpdates(change))
        this.#options.quietly(this.#send('attributes', jsonBytes({ device: name, data })), child)
    })
    return child
  }

  /** Work of this gateway, one after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#line.add(() => work().then(resolve, reject))
    return promise
  }

  #refusing<T>(payload: Uint8Array, source: string, work: () => Promise<T> | T): Promise<T> {
    return refusing(this.#options.deadLetters, this.#gateway, payload, source, work)
  }
}

/** Waits for all; then throws what must be sent again before what is refused for ever. */
async function worstOf(outcomes: readonly Promise<void>[]): Promise<void> {
  const errors: unknown[] = []
  for (const result of await Promise.allSettled(new Set(outcomes))) {
    if (result.status === 'rejected') errors.push(result.reason)
  }
  if (errors.length > 0) throw errors.find((error) => !isRefusal(error)) ?? errors[0]
}
