import { isRefusal, MetricRows, type ReadingsPort } from '@millwright/connectivity'
import { type Clock, HOUR, type Log, type Micros } from '@millwright/foundation'
import type { DataValue, HistoryReadResponse, HistoryReadResult } from 'node-opcua-client'
import type { Settings } from '../config.ts'
import { ServiceFailure } from '../session/exchange.ts'
import type { Services } from '../session/services.ts'
import { toNodeId } from '../space/node-ids.ts'
import type { Point } from '../space/points.ts'
import { pushValue } from '../values/convert.ts'
import { TYPE } from '../values/types.ts'
import type { Counters } from './counters.ts'

/** What of a point is missing. */
export interface Missed {
  readonly point: Point
  /** The newest that came before, µs. */
  readonly since: Micros
}

export interface FillOptions {
  readonly services: Services
  readonly settings: Settings
  readonly readings: ReadingsPort
  readonly source: string
  readonly clock: Clock
  readonly counters: Counters
  readonly log: Log
  readonly signal: AbortSignal
  readonly resolve: (values: readonly DataValue[]) => Promise<void>
}

/** Nodes of one request, and values of one node in an answer: what stays well below a megabyte. */
const NODES = 20
const VALUES = 1000
const BOTH_TIMES = 2

/** Reads what was missed from the server's history (Part 11, HistoryRead raw), bounded in time and number. */
export async function fillGaps(missed: readonly Missed[], options: FillOptions): Promise<void> {
  const { settings, services, clock, log } = options
  if (!settings.history.enabled) return
  const earliest = clock.now() - settings.history.hours * HOUR
  const due = missed
    .filter(({ point, since }) => point.description.history && since > 0)
    .map(({ point, since }) => ({ point, since: Math.max(since, earliest), left: settings.history.values }))
    .sort((a, b) => a.since - b.since)
  if (due.length === 0) return
  const size = Math.min(NODES, services.limits.history)
  for (let at = 0; at < due.length && !options.signal.aborted; at += size) {
    try {
      await fillPart(due.slice(at, at + size), options)
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error
      log.info({ status: error.status }, 'the server’s history could not be read')
      if (/NotSupported|ServiceUnsupported/.test(error.status)) return
    }
  }
}

interface Due {
  readonly point: Point
  since: Micros
  left: number
}

async function fillPart(part: readonly Due[], options: FillOptions): Promise<void> {
  const { services, clock } = options
  const { library } = services
  const start = new Date(Math.floor(Math.min(...part.map(({ since }) => since)) / 1000))
  const details = new library.ReadRawModifiedDetails({
    isReadModified: false,
    startTime: start,
    // What comes while this is read is there twice at worst, and then the same.
    endTime: new Date(Math.ceil(clock.now() / 1000) + 1000),
    numValuesPerNode: VALUES,
    returnBounds: false,
  })
  let open = part.map((due) => ({ due, continuationPoint: undefined as Buffer | undefined }))
  const later: typeof open = []
  while (!options.signal.aborted) {
    // Servers hold few open ends: who was left out for that is asked for alone, when those of the others are read.
    if (open.length === 0) open = later.splice(0, 1)
    if (open.length === 0) return
    const request = new library.HistoryReadRequest({
      historyReadDetails: details,
      timestampsToReturn: BOTH_TIMES,
      releaseContinuationPoints: false,
      nodesToRead: open.map(({ due, continuationPoint }) => ({
        nodeId: toNodeId(library, due.point.ref),
        ...(continuationPoint === undefined ? {} : { continuationPoint }),
      })),
    })
    const { results } = await services.exchange<HistoryReadResponse>(request)
    if (results?.length !== open.length) throw new ServiceFailure('HistoryRead', 'BadUnknownResponse')
    const next: typeof open = []
    for (const [at, result] of results.entries()) {
      const { due } = open[at]!
      if (result.statusCode.name === 'BadNoContinuationPoints' && open.length > 1) {
        later.push(open[at]!)
        continue
      }
      const taken = await take(due, result, options)
      const more = (result.continuationPoint?.length ?? 0) > 0
      // A server that gives nothing and says that there is more is not asked for ever.
      if (more && taken && due.left > 0) next.push({ due, continuationPoint: result.continuationPoint })
    }
    open = next
    if (options.readings.saturated) await options.readings.drained()
  }
}

/** @returns whether anything came */
async function take(due: Due, result: HistoryReadResult, options: FillOptions): Promise<boolean> {
  if (!result.statusCode.isGoodish()) return false
  const values = (result.historyData as { dataValues?: readonly (DataValue | null)[] } | null)?.dataValues
  if (!Array.isArray(values) || values.length === 0) return false
  const structures = values.filter((value): value is DataValue => value?.value?.dataType === TYPE.extensionObject)
  if (structures.length > 0) await options.resolve(structures)
  const rows = new MetricRows()
  for (const value of values.slice(0, due.left)) {
    if (value === null || value === undefined) continue
    pushValue(rows, due.point.meaning, value, options.clock.now(), options.counters)
    // What came before the gap came already.
    if (rows.time[rows.length - 1]! <= due.since) rows.cut(rows.length - 1)
  }
  due.left -= values.length
  options.counters.history_values += rows.length
  if (rows.length === 0) return true
  try {
    await options.readings.accept(rows, options.source)
  } catch (error) {
    // Refused readings have their dead letters.
    if (!isRefusal(error)) throw error
  }
  return true
}
