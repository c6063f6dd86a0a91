import type { Arrivals, KindWork, Plan, Scorer, Scores, Settings } from '../kind.ts'
import { type Baseline, readBaseline } from './baseline.ts'
import { Judge } from './judge.ts'
import { accelerationFactor, accelerationOf, describe, speedFactor } from './machine.ts'
import { VibrationRows } from './rows.ts'
import { vibrationSettings } from './settings.ts'
import { Speeds } from './speeds.ts'
import { train } from './train.ts'

export const vibrationWork: KindWork = {
  train,
  scorer: (model, { plan, settings }) => scorerOf(readBaseline(model), plan, settings),
}

function scorerOf(baseline: Baseline, plan: Plan, given: Settings): Scorer {
  const settings = vibrationSettings(given)
  const machine = describe(settings)
  const speeds = new Speeds()
  const rows = new VibrationRows()
  const sensors = plan.inputs.map(({ kind, name, unit }) => {
    const factor = kind === 'waveform' ? accelerationFactor(unit) : undefined
    return factor === undefined
      ? undefined
      : { name, factor, judge: new Judge(machine, baseline, name, settings.slowest / 60) }
  })
  const speedAt = plan.inputs.findIndex(({ name }) => name === settings.speed)
  const perUnit = speedAt < 0 ? 0 : speedFactor(plan.inputs[speedAt]!.unit)
  return {
    take({ length, input, time, value, wide }: Arrivals): Scores {
      for (let row = 0; row < length; row++) if (input[row] === speedAt) speeds.push(time[row]!, value[row]! * perUnit)
      const found: Scores['rows'][number][] = []
      const episodes: Scores['episodes'][number][] = []
      for (const each of wide) {
        const sensor = sensors[each.input]
        if (sensor === undefined || each.value.kind !== 'waveform') continue
        const shaft = speedAt < 0 ? (settings.rpm > 0 ? settings.rpm / 60 : undefined) : speeds.at(each.time)
        const waveform = accelerationOf(each.value.samples, each.value.sampleRate, sensor.factor)
        const scores = rows.take(sensor.name, sensor.judge.take(each.time, waveform, shaft))
        found.push(...scores.rows)
        episodes.push(...scores.episodes)
      }
      return { rows: found, episodes }
    },
  }
}
