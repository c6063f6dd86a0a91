import type { LifeDetail, LifePrediction } from '@millwright/contracts'
import { HOUR } from '@millwright/foundation'
import type { StopAdvice } from '@millwright/methods/life'
import type { ServiceRow, VersionRow } from '../../services/model.ts'
import { versionStore } from '../../versions/store.ts'
import type { KindOptions } from '../options.ts'
import { filledSettings } from '../settings.ts'
import { adviceFor, atLeast, COVERAGE } from './advice.ts'
import { life } from './kind.ts'
import type { LifeOutput } from './outputs.ts'
import { costsOf, type LifeSettings, lifeSettings, limitOf } from './settings.ts'
import { outputsOf } from './store.ts'

type Signals = ReadonlyMap<string, string>

/** What training told, for the page. */
interface Told {
  readonly horizon: number
  readonly usualLife: number | undefined
  readonly drivers: LifeDetail['drivers']
  readonly calibrated: boolean
  readonly summary: string
}

/** Predictions as the service's own signals have them, read from their newest values. */
export class LifePredictions {
  readonly #options: KindOptions

  constructor(options: KindOptions) {
    this.#options = options
  }

  /** The most urgent first. */
  async of(tenant: string, rows: readonly ServiceRow[]): Promise<LifePrediction[]> {
    const signals = await this.#options.database.tenant(tenant, (sql) =>
      outputsOf(
        sql,
        rows.map(({ id }) => id),
      ),
    )
    const shown: LifePrediction[] = []
    for (const row of rows) {
      const settings = settingsOf(row)
      const { prediction } = this.#prediction(
        row,
        settings,
        signals.get(row.id) ?? new Map(),
        told(await this.#version(row)),
      )
      shown.push(prediction)
    }
    return shown.sort((a, b) => urgency(a) - urgency(b))
  }

  async detail(row: ServiceRow): Promise<LifeDetail> {
    const { database, plant } = this.#options
    const signals = await database.tenant(row.tenant, (sql) => outputsOf(sql, [row.id]))
    const version = await this.#version(row)
    const training = told(version)
    const settings = settingsOf(row)
    const { prediction, advice } = this.#prediction(row, settings, signals.get(row.id) ?? new Map(), training)
    const limit = limitOf(settings)
    return {
      ...prediction,
      horizon: training.horizon,
      curve: (advice?.curve ?? []).map(({ at, cost, failureBefore, total }) => ({
        hours: at,
        cost,
        failureBefore,
        total,
      })),
      limit:
        limit === undefined
          ? null
          : {
              signal: plant.catalogue.ofEquipment(row.equipment).get(limit.signal)?.id ?? null,
              name: limit.signal,
              value: limit.value,
              direction: limit.direction,
            },
      costsKnown: costsOf(settings, training.usualLife) !== undefined,
      drivers: [...training.drivers],
      summary: training.summary,
    }
  }

  async #version(row: ServiceRow): Promise<VersionRow | undefined> {
    const { liveVersion, tenant, id } = row
    return this.#options.database.tenant(tenant, (sql) =>
      liveVersion === null ? versionStore.newestReady(sql, id) : versionStore.get(sql, id, liveVersion),
    )
  }

  #prediction(row: ServiceRow, settings: LifeSettings, signals: Signals, training: Told) {
    const { plant } = this.#options
    const latest = (name: LifeOutput) => this.#latest(signals, name)
    const number = (name: LifeOutput): number | null => {
      const value = latest(name)?.value ?? Number.NaN
      return Number.isFinite(value) ? value : null
    }
    const word = (name: LifeOutput): string => {
      const wide = latest(name)?.wide
      return wide?.kind === 'state' ? wide.value : ''
    }
    const at = latest('health')?.time ?? null
    const [hours, low, high] = [number('remaining life'), number('remaining life low'), number('remaining life high')]
    const known = at !== null && hours !== null && low !== null && high !== null
    const state = known ? stateOf(word('state')) : 'unknown'
    const decides = known && (state === 'healthy' || state === 'wearing')
    const advice = decides
      ? adviceFor(settings, { hours, low, high }, at, training.horizon, training.usualLife)
      : undefined
    const prediction: LifePrediction = {
      service: row.id,
      serviceName: row.name,
      equipment: row.equipment,
      equipmentName: plant.tree.get(row.equipment)?.name ?? '',
      at,
      live: row.state === 'live',
      state,
      health: number('health'),
      remaining: known && state !== 'learning' ? { hours, low, high, atLeast: atLeast(hours, training.horizon) } : null,
      coverage: COVERAGE,
      calibrated: training.calibrated,
      failureProbability: number('failure probability'),
      within: settings.within,
      explanation: word('explanation'),
      acceleration: settings.acceleration,
      advice: advice === undefined || at === null ? null : shownAdvice(advice, at, training.horizon, settings),
      signals: {
        health: signals.get('health') ?? null,
        remaining: signals.get('remaining life') ?? null,
        low: signals.get('remaining life low') ?? null,
        high: signals.get('remaining life high') ?? null,
      },
    }
    return { prediction, advice }
  }

  #latest(signals: Signals, name: LifeOutput) {
    const id = signals.get(name)
    const facts = id === undefined ? undefined : this.#options.plant.catalogue.byId(id)
    return facts === undefined ? undefined : this.#options.historian.latest(facts.key)
  }
}

const settingsOf = (row: ServiceRow): LifeSettings => lifeSettings(filledSettings(life, row.settings))

function told(version: VersionRow | undefined): Told {
  const details = version?.report?.details as
    | { readonly horizon?: number; readonly usualLife?: number | null; readonly drivers?: Told['drivers'] }
    | undefined
  return {
    horizon: details?.horizon ?? 0,
    usualLife: details?.usualLife ?? undefined,
    drivers: details?.drivers ?? [],
    calibrated: version?.report?.validation != null,
    summary: version?.report?.summary ?? '',
  }
}

function shownAdvice(
  advice: StopAdvice,
  at: number,
  horizon: number,
  { currency, acceleration }: LifeSettings,
): NonNullable<LifePrediction['advice']> {
  const time = (hours: number) => Math.round(at + (hours * HOUR) / acceleration)
  return {
    stopAt: time(advice.at),
    needed: !atLeast(advice.at, horizon),
    from: time(advice.from),
    to: time(advice.to),
    cost: advice.cost,
    failureBefore: advice.failureBefore,
    waiting: advice.waiting,
    currency,
  }
}

const STATES = ['learning', 'healthy', 'wearing', 'failed'] as const
const stateOf = (word: string): LifePrediction['state'] => STATES.find((state) => state === word) ?? 'unknown'

const RANKS = { failed: 0, wearing: 1, healthy: 2, learning: 3, unknown: 4 } as const
const LONG = 1e12

/** Failed first, then what has the least time left. */
const urgency = ({ state, remaining }: LifePrediction): number =>
  RANKS[state] * 2 * LONG + Math.min(LONG, remaining?.hours ?? LONG)
