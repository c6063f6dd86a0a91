import type { BodyOf, CurveComparison, qualityOperations } from '@millwright/contracts'
import { HOUR } from '@millwright/foundation'
import { compareCurve, learnGolden, visitsOf } from '@millwright/methods/quality'
import { serviceErrors } from '../../errors.ts'
import type { LiveService } from '../../scoring/live.ts'
import type { KindOptions } from '../options.ts'
import { measuredParts, serialReadings } from './history.ts'
import { readSignals } from './read.ts'
import { layoutOf, qualitySettings } from './settings.ts'

const SPAN = 4 * HOUR
/** Good parts that the golden curve is made of at most. */
const MOST_CURVES = 120

/** A part's curve beside those of parts that were measured as good. */
export async function partCurve(
  options: Pick<KindOptions, 'historian' | 'clock'>,
  version: LiveService,
  body: BodyOf<typeof qualityOperations.comparePartCurve>,
  abort: AbortSignal,
): Promise<CurveComparison> {
  const settings = qualitySettings(version.settings)
  const layout = layoutOf(settings, version.plan)
  const station = layout.stations.find(({ name }) => name === body.station)
  const place = station?.names.indexOf(body.signal) ?? -1
  if (station === undefined || place < 0)
    throw serviceErrors.inputMissing({ name: `${body.station} ${body.signal}`, path: 'signal' })
  const input = station.signals[place]!
  const to = body.to ?? options.clock.now() + HOUR
  const span = { from: body.from ?? to - SPAN, to }
  const facts = [station.part, input, layout.result, layout.resultPart].map((at) => version.facts[at])
  const [part, signal, result, resultPart] = await readSignals(options, facts, span, abort)
  const measured = measuredParts({ result: 0, resultPart: 1 }, settings, [result!, resultPart!])
  const visits = visitsOf(station.name, serialReadings(part!))
  const curveOf = ({ from, to: end }: { from: number; to: number }) => {
    const { times, values } = signal!
    const [first, last] = [times.findIndex((time) => time >= from), times.findIndex((time) => time >= end)]
    const until = last < 0 ? times.length : last
    return first < 0
      ? { times: times.subarray(0, 0), values: values.subarray(0, 0) }
      : { times: times.subarray(first, until), values: values.subarray(first, until) }
  }
  const own = visits.filter(({ serial }) => serial === body.serial).at(-1)
  if (own === undefined) throw serviceErrors.partUnknown({ serial: body.serial, path: 'serial' })
  const fine = (value: number) =>
    settings.learn === 'verdict'
      ? value < 0.5
      : value <= (settings.upper ?? Number.POSITIVE_INFINITY) && value >= (settings.lower ?? Number.NEGATIVE_INFINITY)
  const good = visits.filter(({ serial }) => {
    const known = measured.get(serial)
    return serial !== body.serial && known !== undefined && fine(known.value)
  })
  const golden = learnGolden(good.slice(-MOST_CURVES).map(curveOf))
  const found = compareCurve(golden, curveOf(own))
  const { unit } = version.plan.inputs[input]!
  return {
    serial: body.serial,
    station: body.station,
    signal: body.signal,
    unit,
    curves: golden.curves,
    duration: golden.duration,
    centre: Array.from(golden.centre),
    lower: Array.from(golden.lower),
    upper: Array.from(golden.upper),
    matched: Array.from(found.matched),
    good: found.good,
    stretch: found.stretch,
    departures: found.departures.map((each) => ({ ...each })),
    sentence: sentenceOf(body, found),
  }
}

function sentenceOf(
  { serial, signal, station }: { readonly serial: string; readonly signal: string; readonly station: string },
  {
    good,
    departures,
  }: Pick<CurveComparison, 'good'> & { readonly departures: readonly CurveComparison['departures'][number][] },
): string {
  const [worst] = [...departures].sort((a, b) => b.most - a.most)
  if (good || worst === undefined) return `${signal} of ${serial} at ${station} ran as with good parts.`
  const percent = (share: number) => Math.round(100 * share)
  return `${signal} of ${serial} at ${station} ran ${worst.side} the band of good parts from ${percent(worst.from)} to ${percent(worst.to)} % of its way.`
}
