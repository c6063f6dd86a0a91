import type { Service } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import { kindOf } from '../kinds/kinds.ts'
import type { OutputSignals } from '../outputs/signals.ts'
import type { Platform } from '../ports.ts'
import type { LiveScoring } from '../scoring/live.ts'
import type { WorkQueue } from '../training/queue.ts'
import { versionStore } from '../versions/store.ts'
import type { ServiceRow } from './model.ts'

export interface ShowerOptions extends Pick<Platform, 'database' | 'plant' | 'historian'> {
  readonly outputs: OutputSignals
  readonly scoring: Pick<LiveScoring, 'lastScoredAt' | 'trouble'>
  readonly queue: Pick<WorkQueue, 'progress'>
}

/** Name of a training in the queue. */
export const trainingId = (service: string, number: number): string => `${service}/${number}`

/** Services as the API shows them: what is stored, with what they are doing now. */
export class ServiceShower {
  readonly #options: ShowerOptions

  constructor(options: ShowerOptions) {
    this.#options = options
  }

  async one(row: ServiceRow): Promise<Service> {
    const [shown] = await this.#options.database.tenant(row.tenant, (sql) => this.shown(sql, [row]))
    return shown!
  }

  async shown(sql: Sql, rows: readonly ServiceRow[]): Promise<Service[]> {
    const { queue } = this.#options
    const open = await versionStore.open(
      sql,
      rows.map(({ id }) => id),
    )
    return rows.map((row) => {
      const number = open.find(({ service }) => service === row.id)?.number
      const at = number === undefined ? undefined : queue.progress(trainingId(row.id, number))
      return {
        ...this.#plain(row),
        training: number === undefined ? null : { number, progress: at?.fraction ?? 0, stage: at?.stage ?? '' },
      }
    })
  }

  #plain(row: ServiceRow): Omit<Service, 'training'> {
    const { plant, scoring } = this.#options
    return {
      id: row.id,
      tenant: row.tenant,
      name: row.name,
      description: row.description,
      kind: row.kind,
      equipment: row.equipment,
      equipmentName: plant.tree.get(row.equipment)?.name ?? '',
      settings: row.settings,
      state: row.state,
      fault: row.fault === null ? null : { reason: row.fault, since: row.faultSince ?? row.createdAt },
      trouble: row.state === 'live' ? scoring.trouble(row.id) : null,
      liveVersion: row.liveVersion,
      alarm: row.alarm,
      rule: row.rule,
      outputs: this.#outputs(row),
      lastScoredAt: this.#lastScoredAt(row),
      createdAt: row.createdAt,
      version: row.version,
    }
  }

  #outputs(row: ServiceRow): Service['outputs'] {
    const { outputs } = this.#options
    const told = kindOf(row.kind)?.outputs(row.settings) ?? []
    const made = outputs.madeBy(row.id).filter(({ output }) => !told.some(({ name }) => name === output))
    return [
      ...told.map((output) => ({
        ...output,
        signal: outputs.of(row.id, output.name)?.id ?? null,
        signalName: outputs.nameOf(row, output.name),
      })),
      ...made.map(({ output, facts: { id, name, kind, unit } }) => ({
        name: output,
        kind,
        unit,
        about: '',
        signal: id,
        signalName: name,
      })),
    ]
  }

  #lastScoredAt(row: ServiceRow): number | null {
    const { outputs, scoring, historian } = this.#options
    const live = scoring.lastScoredAt(row.id)
    if (live !== null) return live
    const times = outputs.madeBy(row.id).flatMap(({ facts }) => {
      const held = historian.latest(facts.key)
      return held === undefined ? [] : [held.time]
    })
    return times.length === 0 ? null : Math.max(...times)
  }
}
