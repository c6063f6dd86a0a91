import type { EnergyView } from '@millwright/contracts'
import { DAY, HOUR, type Micros } from '@millwright/foundation'
import { avoidedEnergy, estimateLeak, expectedEnergy, findIdle, toPeriods } from '@millwright/methods/energy'
import type { Frame } from '@millwright/methods/series'
import type { Plan, Settings } from '../kind.ts'
import { columnNames, type EnergyModel, energyGrid, inputOf } from './model.ts'
import { firstRows, rowsFrom, rowsUntil } from './rows.ts'
import { ENERGY_STEP, energySettings, LOOKED_BACK } from './settings.ts'
import { meanPrice } from './tariff.ts'
import { powerOf, productionOf } from './waste.ts'

const CONFIDENCE = 0.9
const DRAWN = 400

/** What is told of a version: `grid` is its inputs over the span, on the energy step. */
export function energyView(
  model: EnergyModel,
  settings: Settings,
  plan: Plan,
  grid: Frame,
): Omit<EnergyView, 'service' | 'version' | 'simulated'> {
  const { report, measures, period, utcOffset } = model
  const own = energyGrid(grid, plan, model.factor)
  const all = toPeriods(own, measures, ENERGY_STEP, period, utcOffset)
  // The period that still goes on is nobody's saving yet.
  const table = rowsUntil(all, grid.times.at(-1) ?? 0)
  const since = rowsFrom(table, model.to + period)
  const { currency } = energySettings(settings)
  return {
    period,
    currency,
    baseline: {
      from: model.from,
      to: model.to,
      rows: report.rows,
      r2: report.r2,
      cvRmse: report.cvRmse,
      terms: report.terms.map(({ name, coefficient, standardError, p }) => ({ name, coefficient, standardError, p })),
      leftOut: report.driversLeftOut.map(({ name, reason }) => ({ what: name, reason })),
      doubts: [...report.doubts],
    },
    saving: savingOf(model, settings, since),
    series: seriesOf(model, table),
    sum: sumOf(model, since),
    drivers: driversOf(model, plan, since),
    ...wasteOf(model, settings, plan, own),
  }
}

function savingOf(model: EnergyModel, settings: Settings, since: Frame): EnergyView['saving'] {
  if (since.times.length === 0) return null
  const { rows, expected, actual, avoided, uncertainty, confidence, significant, outside } = avoidedEnergy(
    model.baseline,
    since,
    CONFIDENCE,
  )
  if (rows === 0) return null
  const price = meanPrice(settings, since.times, since.columns[0]!, model.utcOffset)
  return {
    from: since.times[0]! - model.period,
    to: since.times.at(-1)!,
    rows,
    expected,
    actual,
    avoided,
    uncertainty,
    confidence,
    significant,
    share: expected === 0 ? 0 : avoided / expected,
    cost: avoided * price,
    costUncertainty: uncertainty * price,
    outside,
  }
}

function seriesOf({ baseline }: EnergyModel, table: Frame): EnergyView['series'] {
  const { expected, half } = expectedEnergy(baseline, table, CONFIDENCE)
  return {
    time: [...table.times],
    actual: gapped(table.columns[0]!),
    expected: gapped(expected),
    low: gapped(expected.map((value, i) => value - half[i]!)),
    high: gapped(expected.map((value, i) => value + half[i]!)),
  }
}

/** The saving up to each of some hundred moments, each with its own uncertainty. */
function sumOf({ baseline }: EnergyModel, since: Frame): EnergyView['sum'] {
  const count = since.times.length
  const ends = [
    ...new Set(
      evenly(count, 120)
        .map((i) => i + 1)
        .concat(count === 0 ? [] : [count]),
    ),
  ]
  const upTo = ends.map((end) => avoidedEnergy(baseline, firstRows(since, end), CONFIDENCE))
  return {
    time: ends.map((end) => since.times[end - 1]!),
    avoided: upTo.map(({ avoided }) => avoided),
    low: upTo.map(({ avoided, uncertainty }) => avoided - uncertainty),
    high: upTo.map(({ avoided, uncertainty }) => avoided + uncertainty),
  }
}

function driversOf({ baseline, drawn }: EnergyModel, plan: Plan, since: Frame): EnergyView['drivers'] {
  const names = columnNames(plan)
  const stayed = [
    ...(baseline.temperature === undefined || baseline.shape === 'none' ? [] : [baseline.temperature]),
    ...baseline.drivers,
  ]
  const rows = evenly(since.times.length, DRAWN)
  return stayed.map((name, d) => {
    const at = names.indexOf(name)
    const newer = since.columns[at] ?? new Float64Array(0)
    return {
      name,
      unit: plan.inputs[at]?.unit ?? '1',
      baseline: points(drawn.drivers[d]!, drawn.energy),
      since: points(
        Float64Array.from(rows, (i) => newer[i]!),
        Float64Array.from(rows, (i) => since.columns[0]![i]!),
      ),
    }
  })
}

function wasteOf(model: EnergyModel, settings: Settings, plan: Plan, grid: Frame): Pick<EnergyView, 'idle' | 'leak'> {
  const hours = ENERGY_STEP / HOUR
  const power = powerOf(grid.columns[0]!, model.measures[0]!)
  const made = productionOf(grid, settings, model.measures)
  const newer = grid.times.findIndex((time) => time > model.to)
  // Since the baseline; of the baseline while too little has come since.
  const from = newer >= 0 && grid.times.length - newer >= DAY / ENERGY_STEP ? newer : 0
  const idle = findIdle(power.subarray(from), hours, made?.subarray(from))
  const price = meanPrice(settings, grid.times.subarray(from), power.subarray(from), model.utcOffset)
  const flow = inputOf(settings, 'flow')
  const recent = grid.times.findIndex((time) => time > grid.times.at(-1)! - LOOKED_BACK)
  const perDay = DAY / ENERGY_STEP
  const watched = flow === undefined ? power : grid.columns[flow]!
  const leak = recent < 0 ? undefined : estimateLeak(watched.subarray(recent), perDay, made?.subarray(recent))
  const at = (i: number): Micros => grid.times[from + i]! - ENERGY_STEP
  return {
    idle:
      idle === undefined
        ? null
        : {
            hours: idle.idleHours,
            energy: idle.idleEnergy,
            share: idle.idleShare,
            power: idle.idlePower,
            cost: idle.idleEnergy * price,
            days: ((grid.times.length - from) * ENERGY_STEP) / DAY,
            by: idle.by,
            longest: idle.spans
              .slice(0, 5)
              .map(({ from, to, kWh }) => ({ from: at(from), to: at(to - 1) + ENERGY_STEP, energy: kWh })),
          },
    leak:
      leak === undefined
        ? null
        : {
            signal: flow === undefined ? plan.inputs[0]!.name : plan.inputs[flow]!.name,
            unit: flow === undefined ? 'kW' : plan.inputs[flow]!.unit,
            now: leak.baseNow,
            best: leak.baseBest,
            leak: leak.leak,
            share: leak.share,
            change:
              leak.change === undefined
                ? null
                : { at: grid.times[recent + leak.change.period * perDay]! - ENERGY_STEP, by: leak.change.by },
          },
  }
}

function evenly(count: number, most: number): number[] {
  const stride = Math.max(1, count / most)
  return Array.from({ length: Math.min(count, most) }, (_, i) => Math.floor(i * stride))
}

const gapped = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null))

function points(x: Float64Array, y: Float64Array): { x: number[]; y: number[] } {
  const known = [...x.keys()].filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!))
  return { x: known.map((i) => x[i]!), y: known.map((i) => y[i]!) }
}
