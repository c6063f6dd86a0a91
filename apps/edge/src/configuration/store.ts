import { join } from 'node:path'
import type { AgentConfiguration } from '@millwright/contracts'
import { readJsonFile, replaceFile } from '../files.ts'

/** The configuration at work. On trial until the platform was reached under it. */
export interface Held {
  readonly configuration: AgentConfiguration
  readonly state: 'trial' | 'applied'
  /** How often the agent was started with it while it was on trial. */
  readonly starts: number
}

/** What became of the newest configuration that the platform wanted. */
export interface Outcome {
  readonly version: number
  readonly state: 'applied' | 'rolled-back' | 'failed' | 'pending'
  readonly reason?: string
}

/**
 * Configurations on the disk, with the secrets of their connections: readable by the agent alone. `good.json` is the last
 * one under which the platform was reached, `current.json` the one at work, `outcome.json` what is reported.
 */
export class ConfigurationStore {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async current(): Promise<Held | undefined> {
    const held = (await readJsonFile(this.#path('current'))) as Held | undefined
    return typeof held?.configuration?.version === 'number' ? held : undefined
  }

  async good(): Promise<AgentConfiguration | undefined> {
    const good = (await readJsonFile(this.#path('good'))) as AgentConfiguration | undefined
    return typeof good?.version === 'number' ? good : undefined
  }

  async outcome(): Promise<Outcome | undefined> {
    return (await readJsonFile(this.#path('outcome'))) as Outcome | undefined
  }

  putCurrent(held: Held): Promise<void> {
    return this.#put('current', held)
  }

  putGood(configuration: AgentConfiguration): Promise<void> {
    return this.#put('good', configuration)
  }

  putOutcome(outcome: Outcome): Promise<void> {
    return this.#put('outcome', outcome)
  }

  #path(name: string): string {
    return join(this.#directory, `${name}.json`)
  }

  #put(name: string, value: unknown): Promise<void> {
    return replaceFile(this.#path(name), `${JSON.stringify(value)}\n`)
  }
}
