import {
  fillRecent,
  type PartPlan,
  type PartTable,
  partTable,
  recentNames,
  type SerialReading,
  type StationSignal,
  type Visit,
  visitsOf,
} from '@millwright/methods/quality'
import type { Series } from '../kind.ts'
import { attributed, type PartResult, resultOf } from './results.ts'
import type { Layout, QualitySettings } from './settings.ts'

export const planOf = ({ stations }: Layout): PartPlan => ({
  stations: stations.map(({ name, names }) => ({ name, signals: names })),
})

export const serialReadings = ({ times, words, values }: Pick<Series, 'times' | 'words' | 'values'>): SerialReading[] =>
  Array.from(times, (time, at) => ({ time, serial: words[at] ?? (Number.isNaN(values[at]!) ? '' : `${values[at]}`) }))

export interface PartHistory {
  readonly table: PartTable
  /** As long as the table's parts; NaN: not measured. */
  readonly results: Float64Array
  /** By serial number. */
  readonly measured: ReadonlyMap<string, PartResult>
}

/** Aligns a line's history by part. `series` stand in the order of the plan's inputs. */
export function partHistory(layout: Layout, settings: QualitySettings, series: readonly Series[]): PartHistory {
  const visits: Visit[] = []
  const signals: StationSignal[] = []
  for (const { name, part, signals: inputs, names } of layout.stations) {
    visits.push(...visitsOf(name, serialReadings(series[part]!)))
    inputs.forEach((input, at) => {
      const { times, values } = series[input]!
      signals.push({ station: name, name: names[at]!, times, values })
    })
  }
  const measured = measuredParts(layout, settings, series)
  const bare = partTable(planOf(layout), visits, signals)
  const known = [...measured.values()].sort((a, b) => a.time - b.time)
  const recent = recentNames.map(() => new Float64Array(bare.parts.length))
  const two = new Float64Array(recentNames.length)
  bare.parts.forEach(({ finished }, row) => {
    fillRecent(known, finished, two, 0)
    recent.forEach((column, at) => {
      column[row] = two[at]!
    })
  })
  const features = {
    names: [...bare.features.names, ...recentNames],
    columns: [...bare.features.columns, ...recent],
  }
  const results = Float64Array.from(bare.parts, ({ serial }) => measured.get(serial)?.value ?? Number.NaN)
  return { table: { ...bare, features }, results, measured }
}

/** Results of parts by serial number, as the measuring station tells them. */
export function measuredParts(
  { result, resultPart }: Pick<Layout, 'result' | 'resultPart'>,
  settings: QualitySettings,
  series: readonly Pick<Series, 'times' | 'values' | 'words'>[],
): Map<string, PartResult> {
  const judged = series[result]!
  const readings = Array.from(judged.times, (time, at) => ({
    time,
    value: resultOf(judged.words[at] ?? judged.values[at]!, settings),
  }))
  return attributed(visitsOf('result', serialReadings(series[resultPart]!)), readings)
}
