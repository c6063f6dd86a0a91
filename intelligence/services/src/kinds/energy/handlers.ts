import type { energyOperations } from '@millwright/contracts'
import type { SignalFacts } from '@millwright/data'
import { DAY, type Micros } from '@millwright/foundation'
import type { Frame } from '@millwright/methods/series'
import type { Actor, Handlers } from '@millwright/trust'
import { serviceErrors } from '../../errors.ts'
import type { LiveService } from '../../scoring/live.ts'
import { readGrid } from '../../training/read-grid.ts'
import type { Settings } from '../kind.ts'
import type { KindOptions } from '../options.ts'
import { filledSettings } from '../settings.ts'
import { energy } from './kind.ts'
import { readEnergyModel } from './model.ts'
import { ENERGY_STEP } from './settings.ts'

/** A page shows at most this much at once. */
const MOST = 400 * DAY

export const energyHandlers = (
  options: KindOptions,
): Pick<Handlers<typeof energyOperations>, 'getEnergy' | 'getEnergyPlan'> => {
  const { access, clock, historian } = options

  /** The service as far as it is of this kind and has been trained, for who may read its signals. */
  async function opened(actor: Actor, id: string) {
    const row = await access.service(actor, id, 'service:read')
    if (row.kind !== 'energy') throw serviceErrors.otherKind({ kind: row.kind, wanted: 'energy', path: 'id' })
    const version = await options.model(row)
    const facts = version.facts.filter((each) => each !== undefined)
    if (facts.length < version.facts.length) throw serviceErrors.inputMissing({ name: gone(version), path: 'settings' })
    access.equipment(actor, row.equipment, 'signal:read')
    access.inputs(actor, row.equipment, facts)
    const settings = { ...version.settings, ...sinceThen(row.settings) }
    return { version, facts, settings, model: readEnergyModel(version.model) }
  }

  const read = (
    version: LiveService,
    facts: readonly SignalFacts[],
    span: { from: Micros; to: Micros },
    abort: AbortSignal,
  ): Promise<Frame> => readGrid(historian, facts, { ...version.plan, step: ENERGY_STEP }, span, () => {}, abort)

  return {
    async getEnergy({ actor, params, query, signal }) {
      const { version, facts, settings, model } = await opened(actor, params.id)
      const to = query.to ?? clock.now()
      const from = Math.max(query.from ?? Math.min(model.from, to - DAY), to - MOST)
      if (to <= from) throw serviceErrors.range({ path: 'to' })
      const grid = await read(version, facts, { from, to }, signal)
      const { energyView } = await import('./view.ts')
      return {
        service: params.id,
        version: version.number,
        simulated: facts.some((each) => each.simulated),
        ...energyView(model, settings, version.plan, grid),
      }
    },
    async getEnergyPlan({ actor, params, signal }) {
      const { version, facts, settings, model } = await opened(actor, params.id)
      const { energyPlan, planContext } = await import('./plan.ts')
      const now = clock.now()
      const grid = await read(version, facts, { from: now - planContext(model) - DAY, to: now }, signal)
      const plan = await energyPlan(model, settings, version.plan, grid, now)
      if (plan === undefined) throw serviceErrors.noForecast({ path: 'id' })
      return { service: params.id, ...plan }
    },
  }
}

/** Settings that the model does not depend on: a new tariff or battery counts at once. */
const FREE = ['price', 'dearPrice', 'dearFrom', 'dearTo', 'currency', 'battery', 'jobs'] as const

function sinceThen(settings: Settings): Settings {
  const filled = filledSettings(energy, settings)
  return Object.fromEntries(FREE.map((name) => [name, filled[name]]))
}

const gone = ({ facts, plan }: LiveService): string => plan.inputs[facts.indexOf(undefined)]?.name ?? ''
