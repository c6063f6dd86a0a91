import type { Command } from '@millwright/contracts'
import type { Micros, Subscription } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import type { DeviceSession } from '../sessions/model.ts'

export type CommandState = Command['state']

/** A command as an adapter puts it on the wire. */
export interface DeliverableCommand {
  readonly id: string
  /** 1, 2, 3... per device: for protocols whose request ids are numbers (ThingsBoard RPC). */
  readonly number: number
  readonly name: string
  readonly params: unknown
  /** How long the device may take to answer, µs. */
  readonly timeout: Micros
}

/** What an adapter gives for a live session that can take commands now. */
export interface CommandTransport {
  /**
   * Puts the command on the wire; it is already recorded as sent. Resolve when it left. Reject when it surely did not:
   * it is then queued again for the next transport.
   */
  deliver(command: DeliverableCommand): Promise<void>
}

/** The device's answer. */
export type CommandReply =
  | { readonly ok: true; readonly result?: unknown }
  | { readonly ok: false; readonly error: string }

export interface NewCommand {
  readonly name: string
  readonly params?: unknown
  /** µs after delivery; default 10 s. */
  readonly timeout?: Micros
  /** Default: 1 h from now. */
  readonly expiresAt?: Micros
}

export interface Commands {
  /** For adapters: commands of this session's device go through `transport` until it is cancelled or the session ends. */
  attach(session: DeviceSession, transport: CommandTransport): Subscription
  /**
   * For adapters: the device answered. Resolves when the result is durable. Rejects with a refusal when the command is
   * not this device's, was never sent, or has its result already. @param command its id, or its number
   */
  reply(session: DeviceSession, command: string | number, reply: CommandReply): Promise<void>

  send(actor: Actor, device: string, command: NewCommand): Promise<Command>
  list(
    actor: Actor,
    device: string,
    page: { cursor?: string; limit?: number },
  ): Promise<{ items: Command[]; next?: string }>
  get(actor: Actor, id: string): Promise<Command>
  cancel(actor: Actor, id: string): Promise<Command>
}

/** For adapters whose devices come and ask (long poll) instead of being connected. */
export interface PolledCommands extends Commands {
  /** Resolves when what is queued for this device now has been handed to its transports. */
  delivered(session: DeviceSession): Promise<void>
}
