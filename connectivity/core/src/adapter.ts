/**
 * The adapter contract: one folder per protocol, `README.md manifest.ts config.ts adapter.ts codec.ts testcases/`. An
 * adapter turns wire bytes into `intake.accept(...)` and commands into wire bytes; it knows no database and no signal.
 */
import type { Micros } from '@millwright/foundation'

/** What an adapter says of itself, before it runs. */
export interface AdapterManifest {
  /** Short and stable, as `mqtt`: the prefix of every `source` and the protocol of its sessions. */
  readonly id: string
  /** As a person reads it. */
  readonly name: string
  readonly summary: string
  /** The standards spoken, with their versions. */
  readonly standards: readonly string[]
  /** `listens`: devices come to us; `polls`: we go to the devices; `sends`: it takes the platform's signals elsewhere. */
  readonly direction: 'listens' | 'polls' | 'sends'
  readonly does: {
    readonly telemetry: boolean
    readonly commands: boolean
    readonly twin: boolean
    readonly gateway: boolean
  }
}

/** What `/readyz` and the console show of a running adapter. */
export interface AdapterHealth {
  readonly state: 'stopped' | 'starting' | 'running' | 'failed'
  /** Why it failed, in words. */
  readonly reason?: string
  readonly since: Micros
  /** Live device sessions. */
  readonly sessions: number
}

/** A protocol, running or not. `start` resolves when devices can be served; `stop` when the last session is closed. */
export interface Adapter {
  readonly manifest: AdapterManifest
  start(): Promise<void>
  stop(): Promise<void>
  health(): AdapterHealth
}
