import type { ServiceReport } from '@millwright/contracts'
import type { Progress } from '@millwright/methods/progress'
import { type Diagnosis, diagnose } from '@millwright/methods/vibration'
import type { Series, Settings, Trained, TrainingData } from '../kind.ts'
import { reportOf } from '../report.ts'
import { LEAST_RECORDINGS, type Normal, normalOf, writeBaseline } from './baseline.ts'
import { accelerationFactor, accelerationOf, describe, speedFactor } from './machine.ts'
import { type VibrationSettings, vibrationSettings } from './settings.ts'
import { Speeds } from './speeds.ts'

/** Recordings of one sensor that are looked at, evenly over the span. */
const MOST_RECORDINGS = 300

/** Learns what is normal for the machine; naming faults takes no training. */
export function train(data: TrainingData, given: Settings, progress: Progress): Trained {
  const settings = vibrationSettings(given)
  const sensors = data.machine.series.filter(({ kind }) => kind === 'waveform')
  if (sensors.length === 0)
    throw new Error('There is no waveform among the signals: choose the acceleration sensor’s recordings.')
  const baseline: Record<string, Normal> = {}
  const used: ServiceReport['used'] = []
  const leftOut: ServiceReport['leftOut'] = []
  const notes: string[] = []
  for (const [n, sensor] of sensors.entries()) {
    const { name } = sensor
    const { judged, reasons } = listened(data, settings, sensor, (part) =>
      progress((n + part) / sensors.length, `listening to ${name}`),
    )
    for (const [reason, count] of reasons) leftOut.push({ what: `${name} (${count} recordings)`, reason })
    if (judged.length > 0) used.push({ name, rows: judged.length })
    if (judged.length < LEAST_RECORDINGS) {
      notes.push(
        `${name}: ${judged.length} usable recordings are too few to know what is normal (${LEAST_RECORDINGS} are needed). Faults are named by physics alone; train it again later.`,
      )
      continue
    }
    const { normal, damaged } = normalOf(judged)
    baseline[name] = normal
    for (const each of damaged)
      notes.push(`${name}: ${each} shows all through the history. It is not taken for normal: look at that bearing.`)
  }
  if (used.length === 0) throw new Error(leftOut[0]?.reason ?? 'None of the waveforms has a recording in this span.')
  const known = Object.entries(baseline)
  return {
    model: writeBaseline(baseline),
    report: reportOf({
      summary:
        known.length === 0
          ? `Faults of ${data.machine.name} are named by physics; there are too few recordings yet to know what is normal for it.`
          : `Knows what is normal at ${known.length === 1 ? 'one sensor' : `${known.length} sensors`} of ${data.machine.name}; faults are named by physics.`,
      used,
      leftOut,
      figures: known.map(([name, { velocity }]) => ({
        name: `normal velocity, ${name}`,
        value: velocity,
        unit: 'mm/s',
        about: 'Median over the recordings',
      })),
      notes,
      details: { baseline } as unknown as ServiceReport['details'],
    }),
  }
}

/** Diagnoses of one sensor's recordings while the machine ran well, and how many were left out for which reason. */
function listened(
  data: TrainingData,
  settings: VibrationSettings,
  sensor: Series,
  progress: (part: number) => void,
): { judged: Diagnosis[]; reasons: Map<string, number> } {
  const judged: Diagnosis[] = []
  const reasons = new Map<string, number>()
  const leaveOut = (reason: string, count = 1) => reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  const factor = accelerationFactor(sensor.unit)
  if (factor === undefined) {
    leaveOut(`Its unit is ${sensor.unit}, and vibration is judged by acceleration (m/s2 or [g]).`, sensor.times.length)
    return { judged, reasons }
  }
  const machine = describe(settings)
  const shaftAt = speedOver(data, settings)
  const picked = evenly(sensor.times.length)
  for (const [done, i] of picked.entries()) {
    progress(done / picked.length)
    const time = sensor.times[i]!
    const shaft = shaftAt(time)
    // What was wrongly called a fault was normal; what was a fault was not.
    const ill = data.labels.some(({ from, to, verdict }) => verdict !== 'wrong' && time >= from && time <= to)
    if (ill) leaveOut('Somebody labelled it as not normal.')
    else if (shaft !== undefined && 60 * shaft < settings.slowest) leaveOut('The machine stood.')
    else
      try {
        const { sampleRate, samples } = sensor.waves[i]!
        judged.push(
          diagnose(accelerationOf(samples, sampleRate, factor), shaft === undefined ? machine : { ...machine, shaft }),
        )
      } catch (error) {
        leaveOut(error instanceof Error ? error.message : String(error))
      }
  }
  return { judged, reasons }
}

/** The shaft's speed, Hz, at times that are asked for in their order. */
function speedOver({ machine }: TrainingData, { speed, rpm }: VibrationSettings): (time: number) => number | undefined {
  const signal = machine.series.find(({ name }) => name === speed)
  if (signal === undefined) return () => (rpm > 0 ? rpm / 60 : undefined)
  const speeds = new Speeds()
  const factor = speedFactor(signal.unit)
  let told = 0
  return (time) => {
    for (; told < signal.times.length && signal.times[told]! <= time + 2e6; told++)
      speeds.push(signal.times[told]!, signal.values[told]! * factor)
    return speeds.at(time)
  }
}

function evenly(count: number): number[] {
  const taken = Math.min(count, MOST_RECORDINGS)
  return Array.from({ length: taken }, (_, n) => Math.floor((n * count) / taken))
}
