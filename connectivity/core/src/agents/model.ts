import type { AgentSettings } from '@millwright/contracts'
import type { CommandReply } from '../commands/model.ts'
import type { DeviceSession } from '../sessions/model.ts'

/** An edge agent as the database has it, with what its device says of it. */
export interface StoredAgent {
  readonly device: string
  readonly tenant: string
  readonly name: string
  readonly path: readonly string[]
  readonly settings: Partial<AgentSettings>
  /** The version of its configuration that it should have. */
  readonly configuration: number
  readonly rulesDigest: string
  readonly version: number
  /** How many connections run at it. */
  readonly connections: number
}

export const defaultSettings: AgentSettings = {
  queueBytes: 4 * 2 ** 30,
  backlog: 'oldest-first',
  whenFull: 'drop-oldest',
  rollbackAfter: 120_000_000,
}

export interface AgentQuery {
  readonly cursor?: string
  readonly limit?: number
  readonly q?: string
}

export interface NewAgent {
  readonly name: string
  readonly equipment?: string | null
  readonly settings?: Partial<AgentSettings>
}

/** A rule as an agent can run it. */
export interface RuleForAgents {
  readonly id: string
  readonly name: string
  /** As `getRule` shows it. */
  readonly rule: unknown
  /** The signals it watches, by their names in its expression. */
  readonly signals: Readonly<Record<string, { readonly device: string; readonly name: string }>>
}

/** The rules that agents run themselves while they are offline. `monitoring` has them, and the server plugs them in. */
export interface AgentRules {
  /** The enabled rules of a tenant that watch nothing but signals of these devices. */
  watching(tenant: string, devices: ReadonlySet<string>): Promise<readonly RuleForAgents[]>
}

/** What an agent says of itself in its twin, as far as it could be read. */
export interface AgentReport {
  readonly software?: string
  readonly configuration?: {
    /** That the state is about. */
    readonly version: number
    readonly state: string
    readonly reason?: string
    /** At work, where that is another one: after a rollback the one before. */
    readonly running?: number
  }
  readonly queue?: {
    readonly readings: number
    readonly bytes: number
    readonly oldest?: number
    readonly dropped: number
  }
  readonly connections: Readonly<Record<string, unknown>>
}

/** A command to a device behind an agent's connection, as it travels to the agent. */
export interface AgentCommand {
  readonly id: string
  readonly connection: string
  readonly device?: string
  readonly name: string
  readonly params: unknown
  readonly timeout: number
}

/** An agent's live line: what it sends beside its own telemetry, twin and commands. */
export interface AgentLine {
  /** A block of readings. As with `intake.accept`: read before the call returns, resolves when durable. */
  readings(payload: Uint8Array, source: string): Promise<void>
  /** What an adapter at the agent could not read: a dead letter. */
  refused(payload: Uint8Array, source: string): Promise<void>
  /** A device behind one of its connections is there, or gone. */
  devices(payload: Uint8Array, source: string): Promise<void>
  /** The answer to a command that went to a device behind it. */
  reply(command: string, reply: CommandReply): Promise<void>
  /** It listens to commands from now on. */
  listening(): void
}

/** For adapters: the lines of agents. */
export interface AgentLines {
  /**
   * The line of a session, made when first asked for; it ends with the session.
   * @param send puts a command on the wire; rejects when it surely did not leave
   * @throws when the device is no edge agent
   */
  line(session: DeviceSession, send: (command: AgentCommand) => Promise<void>): AgentLine
}
