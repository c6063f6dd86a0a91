import {
  aggregateNames,
  fillLast,
  fillVisit,
  partPredictor,
  partSentence,
  readPartModel,
  recentNames,
  type Visit,
  VisitTracker,
} from '@millwright/methods/quality'
import type { Arrivals, CommandFact, Scorer, ScorerContext, Scores } from '../kind.ts'
import { outputAt, type QualityOutput } from './outputs.ts'
import { resultOf } from './results.ts'
import { layoutOf, qualitySettings } from './settings.ts'
import { Trace } from './trace.ts'

/** Parts between the stations, at most. */
const UNDER_WAY = 2000
const RECENT = 5
const WARM = 20

type Row = Scores['rows'][number]

/** Follows parts through the stations and judges each when it leaves the last one. */
export function scorer(bytes: Uint8Array, { settings: given, plan }: ScorerContext): Scorer {
  const settings = qualitySettings(given)
  const layout = layoutOf(settings, plan)
  const predictor = partPredictor(readPartModel(bytes))
  const { stations, result, resultPart } = layout
  const measuredBy = plan.inputs[result]!
  const traces = plan.inputs.map(() => new Trace())
  const trackers = stations.map(({ name }) => new VisitTracker(name))
  const widths = stations.map(({ signals }) => 1 + signals.length * aggregateNames.length)
  const starts = widths.map((_, at) => widths.slice(0, at).reduce((sum, each) => sum + each, 0))
  const width = widths.reduce((sum, each) => sum + each, 0) + recentNames.length
  if (predictor.names.length !== width) throw new Error('The settings were changed: train it again.')
  // The first decision must be as quick as the others: the code is compiled by the time it comes.
  const warm = new Float64Array(width)
  for (let round = 0; round < WARM; round++) {
    predictor.row(warm)
    predictor.why(warm, 1)
  }
  /** Features of parts that have left some stations, and how many of them. */
  const underWay = new Map<string, { row: Float64Array; passed: Set<number> }>()
  const measuring = new VisitTracker('result')
  /** Who was measured until when: a result may be told with the change. */
  let measured: { serial: string; until: number } | undefined
  const recent: { time: number; value: number }[] = []

  function leave(station: number, visit: Visit, found: Found): void {
    const its = underWay.get(visit.serial) ?? {
      row: new Float64Array(width).fill(Number.NaN),
      passed: new Set<number>(),
    }
    const { signals } = stations[station]!
    fillVisit(
      visit,
      signals.map((input) => traces[input]!.view()),
      its.row,
      starts[station]!,
    )
    its.passed.add(station)
    underWay.delete(visit.serial)
    if (station < stations.length - 1) {
      underWay.set(visit.serial, its)
      if (underWay.size > UNDER_WAY) underWay.delete(underWay.keys().next().value!)
      return
    }
    judge(visit, its, found)
  }

  function judge(
    { serial, to }: Visit,
    { row, passed }: { row: Float64Array; passed: Set<number> },
    found: Found,
  ): void {
    fillLast(recent.filter(({ time }) => time < to).slice(-RECENT), row, width - recentNames.length)
    const prediction = predictor.row(row)
    const unlike = prediction.strange > 1 && settings.unlike === 'divert'
    const divert = prediction.divert || unlike
    const reasons = divert ? predictor.why(row, 4) : []
    const missed = stations.filter((_, at) => !passed.has(at)).map(({ name }) => name)
    const beside = missed.length === 0 ? '' : ` Nothing was seen of it at ${missed.join(', ')}.`
    const sentence = partSentence({ ...prediction, divert }, reasons, {
      result: measuredBy.name,
      unit: measuredBy.unit,
    })
    const say = (name: QualityOutput, value: number | string) =>
      found.rows.push({ output: outputAt(name), time: to, value })
    say('part', serial)
    say('decision', divert ? 'divert' : 'pass')
    say('fail probability', prediction.failing)
    say('explanation', `${serial}: ${sentence}${beside}`)
    say('strangeness', prediction.strange)
    if (prediction.value !== undefined) say('predicted', prediction.value)
    if (prediction.interval !== undefined) {
      say('low', prediction.interval[0])
      say('high', prediction.interval[1])
    }
    if (divert) found.commands.push({ time: to, params: { serial, reason: sentence, probability: prediction.failing } })
  }

  /** A change of a serial number, or a result; in the order of time. */
  function take(input: number, time: number, reading: number | string, found: Found): void {
    const serial = typeof reading === 'string' ? reading : Number.isNaN(reading) ? '' : `${reading}`
    stations.forEach(({ part }, station) => {
      if (part !== input) return
      const visit = trackers[station]!.take({ time, serial })
      if (visit !== undefined) leave(station, visit, found)
    })
    if (input === result) {
      const value = resultOf(reading, settings)
      const known = measuring.present !== undefined && measuring.present.from < time
      if (Number.isFinite(value) && (known || measured?.until === time)) {
        recent.push({ time, value })
        if (recent.length > 4 * RECENT) recent.splice(0, recent.length - 2 * RECENT)
      }
    }
    if (input === resultPart) {
      const visit = measuring.take({ time, serial })
      if (visit !== undefined) measured = { serial: visit.serial, until: visit.to }
    }
  }

  const tells = new Set([...stations.map(({ part }) => part), result, resultPart])
  return {
    take({ length, input, time, value, wide }: Arrivals): Scores {
      const found: Found = { rows: [], episodes: [], commands: [] }
      const told: { input: number; time: number; reading: number | string }[] = []
      for (let at = 0; at < length; at++) {
        traces[input[at]!]!.push(time[at]!, value[at]!)
        if (tells.has(input[at]!)) told.push({ input: input[at]!, time: time[at]!, reading: value[at]! })
      }
      for (const each of wide)
        if (each.value.kind === 'state' && tells.has(each.input))
          told.push({ input: each.input, time: each.time, reading: each.value.value })
      // Of readings at the same moment the result comes first: it belongs to the part that goes.
      told.sort((a, b) => a.time - b.time || Number(b.input === result) - Number(a.input === result))
      for (const each of told) take(each.input, each.time, each.reading, found)
      return found
    },
  }
}

interface Found {
  readonly rows: Row[]
  readonly episodes: []
  readonly commands: CommandFact[]
}
