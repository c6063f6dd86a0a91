/** A connection as the platform's API takes it, and the machines it brings. */
export interface PlannedConnection {
  readonly name: string
  readonly adapter: string
  readonly config: Readonly<Record<string, unknown>>
  /** The one machine whose equipment it serves; absent: each machine is a device of its own behind it. */
  readonly machine?: string
  readonly behind: readonly string[]
  /** Runs in the platform itself instead of at the agent. */
  readonly inPlatform?: true
}
