import type { JudgedPart, JudgedParts, QueryOf, qualityOperations } from '@millwright/contracts'
import { DAY, HOUR } from '@millwright/foundation'
import { type Visit, visitsOf } from '@millwright/methods/quality'
import type { LiveService } from '../../scoring/live.ts'
import type { KindOptions } from '../options.ts'
import { measuredParts, serialReadings } from './history.ts'
import { outputAt, type QualityOutput } from './outputs.ts'
import { type ReadSignal, readSignals } from './read.ts'
import type { PartResult } from './results.ts'
import { layoutOf, qualitySettings } from './settings.ts'
import { partsSentence } from './words.ts'

/** Looked back by default; and how long before its judgement a part may have begun, and after it been measured. */
const SPAN = 8 * HOUR
const LONGEST = DAY
const AROUND = 2 * HOUR

export async function judgedParts(
  options: Pick<KindOptions, 'historian' | 'clock' | 'plant'>,
  version: LiveService,
  name: string,
  query: QueryOf<typeof qualityOperations.listJudgedParts>,
  abort: AbortSignal,
): Promise<JudgedParts> {
  const settings = qualitySettings(version.settings)
  const layout = layoutOf(settings, version.plan)
  const to = query.to ?? options.clock.now() + HOUR
  const from = Math.max(query.from ?? to - SPAN, to - LONGEST)
  const outputs = await readSignals(options, version.signals, { from, to }, abort)
  const around = { from: from - AROUND, to: to + AROUND }
  const told = [...layout.stations.map(({ part }) => part), layout.result, layout.resultPart]
  const read = await readSignals(
    options,
    told.map((at) => version.facts[at]),
    around,
    abort,
  )
  const visits = layout.stations.flatMap(({ name: station }, at) => visitsOf(station, serialReadings(read[at]!)))
  const [result, resultPart] = read.slice(-2)
  const measured = measuredParts({ result: 0, resultPart: 1 }, settings, [result!, resultPart!])
  const bad = ({ value }: PartResult) =>
    settings.learn === 'verdict'
      ? value >= 0.5
      : value > (settings.upper ?? Number.POSITIVE_INFINITY) || value < (settings.lower ?? Number.NEGATIVE_INFINITY)
  const items = decisionsOf(outputs).map((part) => {
    const found = measured.get(part.serial)
    return {
      ...part,
      genealogy: lastVisits(visits, part.serial, part.finished),
      result:
        found === undefined || found.time < part.finished
          ? null
          : { time: found.time, value: found.value, bad: bad(found) },
    }
  })
  const shown = items.reverse().slice(0, query.limit ?? 200)
  const count = (of: (part: JudgedPart) => boolean) => shown.filter(of).length
  const figures = {
    judged: shown.length,
    diverted: count(({ decision }) => decision === 'divert'),
    known: count((part) => part.result !== null),
    rightlyDiverted: count((part) => part.decision === 'divert' && part.result?.bad === true),
    falselyDiverted: count((part) => part.decision === 'divert' && part.result?.bad === false),
    missed: count((part) => part.decision === 'pass' && part.result?.bad === true),
  }
  const input = version.plan.inputs[layout.result]!
  const { lower, upper } = settings
  return {
    service: version.id,
    name,
    equipment: version.equipment,
    equipmentName: options.plant.tree.get(version.equipment)?.name ?? '',
    resultName: input.name,
    unit: input.unit,
    limits: { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) },
    learns: settings.learn,
    items: shown,
    ...figures,
    sentence: partsSentence(figures),
  }
}

/** What was written of each part stands at one time in all outputs. */
function decisionsOf(outputs: readonly ReadSignal[]): Omit<JudgedPart, 'genealogy' | 'result'>[] {
  const word = (name: QualityOutput) => byTime(outputs[outputAt(name)], 'words')
  const number = (name: QualityOutput) => byTime(outputs[outputAt(name)], 'values')
  const [decision, explanation] = [word('decision'), word('explanation')]
  const [failing, strange, predicted] = [number('fail probability'), number('strangeness'), number('predicted')]
  const [low, high] = [number('low'), number('high')]
  const parts = outputs[outputAt('part')]
  return Array.from(parts?.times ?? [], (finished, at) => {
    const value = predicted.get(finished)
    return {
      serial: String(parts!.words[at] ?? ''),
      finished,
      decision: decision.get(finished) === 'divert' ? ('divert' as const) : ('pass' as const),
      failing: Number(failing.get(finished) ?? 0),
      predicted:
        value === undefined
          ? null
          : { value: Number(value), low: numberOr(low.get(finished)), high: numberOr(high.get(finished)) },
      explanation: String(explanation.get(finished) ?? ''),
      unlike: Number(strange.get(finished) ?? 0) > 1,
    }
  })
}

const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function byTime(signal: ReadSignal | undefined, of: 'words' | 'values'): Map<number, string | number> {
  const found = new Map<number, string | number>()
  signal?.times.forEach((time, at) => {
    const value = signal[of][at]
    if (value !== undefined && !(typeof value === 'number' && Number.isNaN(value))) found.set(time, value)
  })
  return found
}

/** Of each station the last visit that was over when the part was judged. */
function lastVisits(visits: readonly Visit[], serial: string, finished: number): JudgedPart['genealogy'] {
  const found = new Map<string, Visit>()
  for (const visit of visits) if (visit.serial === serial && visit.to <= finished) found.set(visit.station, visit)
  return [...found.values()].map(({ station, from, to }) => ({ station, from, to }))
}
