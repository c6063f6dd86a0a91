import type { Table } from '../../learning/table.ts'
import { aggregateNames } from './aggregates.ts'
import { featureNames, fillVisit, type PartPlan, type StationSignal } from './features.ts'
import type { Visit } from './visit.ts'

export interface PartRow {
  readonly serial: string
  /** In the order of the plan's stations; a part that came twice is told by its last visit (rework). */
  readonly visits: readonly (Visit | undefined)[]
  /** End of its last visit, µs. */
  readonly finished: number
}

export interface PartTable {
  /** In the order in which they were finished. */
  readonly parts: readonly PartRow[]
  /** One row for each part. */
  readonly features: Table
  /** Parts that were left out: they missed a station. */
  readonly incomplete: number
}

/** Aligns signals by part: one row for each part that passed all stations of the plan. Signals that a station does not have are missing. */
export function partTable(plan: PartPlan, visits: readonly Visit[], signals: readonly StationSignal[]): PartTable {
  const bySerial = new Map<string, (Visit | undefined)[]>()
  for (const visit of visits) {
    const station = plan.stations.findIndex(({ name }) => name === visit.station)
    if (station < 0) continue
    const held = bySerial.get(visit.serial) ?? plan.stations.map(() => undefined)
    const before = held[station]
    if (before === undefined || before.to < visit.to) held[station] = visit
    bySerial.set(visit.serial, held)
  }
  const all = [...bySerial].map(
    ([serial, held]): PartRow => ({
      serial,
      visits: held,
      finished: Math.max(...held.map((visit) => visit?.to ?? 0)),
    }),
  )
  const parts = all
    .filter((part) => part.visits.every((visit) => visit !== undefined))
    .sort((a, b) => a.finished - b.finished)
  const names = featureNames(plan)
  const columns = names.map(() => new Float64Array(parts.length))
  const row = new Float64Array(names.length)
  const ofStation = plan.stations.map((station) =>
    station.signals.map(
      (name) =>
        signals.find((each) => each.station === station.name && each.name === name) ?? { times: [], values: [] },
    ),
  )
  parts.forEach((part, at) => {
    let place = 0
    plan.stations.forEach((station, n) => {
      fillVisit(part.visits[n]!, ofStation[n]!, row, place)
      place += 1 + station.signals.length * aggregateNames.length
    })
    columns.forEach((column, n) => {
      column[at] = row[n]!
    })
  })
  return { parts, features: { names, columns }, incomplete: all.length - parts.length }
}
