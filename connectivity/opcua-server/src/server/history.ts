import type { Micros } from '@millwright/foundation'
import type { ISessionContext, UAVariable } from 'node-opcua-address-space'
import type { DataValue } from 'node-opcua-data-value'
import { type StatusCode, StatusCodes } from 'node-opcua-status-code'
import {
  HistoryData,
  HistoryReadResult,
  PermissionType,
  ReadProcessedDetails,
  ReadRawModifiedDetails,
} from 'node-opcua-types'
import type { OpcuaLimits } from '../options.ts'
import type { HistoricalValue, HistoryPort, PlantSignal, TreePort } from '../ports.ts'
import type { Access } from './access.ts'
import { aggregateOf, processed } from './aggregates.ts'
import { dataValue, historicalVariant, microsOf } from './data-values.ts'

export interface HistoryOptions {
  readonly tree: TreePort
  readonly history: HistoryPort
  readonly access: Access
  readonly limits: OpcuaLimits
}

interface Continuation {
  readonly continuationPoint?: Buffer | null
  readonly releaseContinuationPoints?: boolean
}

const failed = (statusCode: StatusCode): HistoryReadResult => new HistoryReadResult({ statusCode })

const told = (dataValues: DataValue[], next?: Micros): HistoryReadResult =>
  new HistoryReadResult({
    statusCode: dataValues.length === 0 ? StatusCodes.GoodNoData : StatusCodes.Good,
    historyData: new HistoryData({ dataValues }),
    ...(next === undefined ? {} : { continuationPoint: Buffer.from(String(next)) }),
  })

/** HistoryRead (OPC 10000-11) of raw and processed values, as the `historyRead` of every variable. */
export function historyReader(options: HistoryOptions): UAVariable['historyRead'] {
  async function read(
    variable: UAVariable,
    context: ISessionContext,
    details: unknown,
    { continuationPoint, releaseContinuationPoints }: Continuation,
  ): Promise<HistoryReadResult> {
    const { access, tree } = options
    const stands = access.standsFor(variable)
    const session = (context as { session?: object }).session
    const signal = stands?.kind === 'signal' ? tree.signal(stands.id) : undefined
    if (signal === undefined || !access.allows(session, variable, PermissionType.ReadHistory)) {
      return failed(StatusCodes.BadUserAccessDenied)
    }
    // Part 4, 5.11.3.2 speaks of the points that are passed. Some clients set it where they pass none, and want values.
    if (releaseContinuationPoints === true && (continuationPoint?.length ?? 0) > 0) return failed(StatusCodes.Good)
    const from = continuationPoint == null || continuationPoint.length === 0 ? undefined : pointOf(continuationPoint)
    if (from === 'invalid') return failed(StatusCodes.BadContinuationPointInvalid)
    if (details instanceof ReadRawModifiedDetails) return raw(options, signal, details, from)
    if (details instanceof ReadProcessedDetails) return aggregated(options, signal, details, from)
    return failed(StatusCodes.BadHistoryOperationUnsupported)
  }

  // The library calls it with a callback or awaits it, and looks at the number of its parameters for neither.
  return function historyRead(
    this: UAVariable,
    context: ISessionContext,
    details: unknown,
    _indexRange: unknown,
    _dataEncoding: unknown,
    continuation: Continuation | null,
    callback?: (error: Error | null, result?: HistoryReadResult) => void,
  ) {
    const result = read(this, context, details, continuation ?? {})
    if (callback === undefined) return result
    result.then(
      (found) => callback(null, found),
      (error: Error) => callback(error),
    )
    return undefined
  } as UAVariable['historyRead']
}

/** Where to go on is said in the point itself: nothing is kept for a client that does not come back. */
function pointOf(point: Buffer): Micros | 'invalid' {
  const time = Number(point.toString('latin1'))
  return point.length <= 20 && Number.isSafeInteger(time) ? time : 'invalid'
}

async function raw(
  { history, limits }: HistoryOptions,
  signal: PlantSignal,
  { startTime, endTime, numValuesPerNode, isReadModified, returnBounds }: ReadRawModifiedDetails,
  resumed: Micros | undefined,
): Promise<HistoryReadResult> {
  if (isReadModified || signal.kind === 'waveform') return failed(StatusCodes.BadHistoryOperationUnsupported)
  const start = microsOf(startTime)
  const end = microsOf(endTime)
  const limit = Math.min(numValuesPerNode === 0 ? limits.historyValues : numValuesPerNode, limits.historyValues)
  if (start <= 0 && end <= 0) return failed(StatusCodes.BadHistoryOperationInvalid)
  // Without a start, or with one after the end, time goes backwards (OPC 10000-11, 6.5.3).
  const backwards = start <= 0 || (end > 0 && start > end)
  const range = backwards
    ? { from: Math.max(0, end > 0 && start > 0 ? end + 1 : 0), to: (resumed ?? (start > 0 ? start : end)) + 1 }
    : { from: resumed ?? start, to: end > 0 ? end : Number.MAX_SAFE_INTEGER }
  if (range.to <= range.from) return told([])
  const rows = await history.readings(signal, range, limit + 1, backwards)
  const shown = rows.slice(0, limit)
  const values = shown.map((row) => shownValue(signal, row))
  // A client that says how many it wants, and no other end, has got them.
  const open = start <= 0 || end <= 0
  const next = rows.length > limit && !open ? rows[limit]!.time : undefined
  if (returnBounds && !open) {
    if (resumed === undefined && shown[0]?.time !== start)
      values.unshift(await bound(history, signal, start, !backwards))
    if (next === undefined && shown.at(-1)?.time !== end) values.push(await bound(history, signal, end, backwards))
  }
  return told(values, next)
}

const shownValue = ({ kind }: PlantSignal, { time, quality, value }: HistoricalValue): DataValue =>
  dataValue(historicalVariant(kind, value), quality, time)

/** The value at a bound of the range, or the nearest beyond it. */
async function bound(history: HistoryPort, signal: PlantSignal, time: Micros, before: boolean): Promise<DataValue> {
  const range = before ? { from: 0, to: time + 1 } : { from: time, to: Number.MAX_SAFE_INTEGER }
  const [row] = await history.readings(signal, range, 1, before)
  return row === undefined ? dataValue(undefined, StatusCodes.BadBoundNotFound.value, time) : shownValue(signal, row)
}

async function aggregated(
  options: HistoryOptions,
  signal: PlantSignal,
  { startTime, endTime, processingInterval, aggregateType }: ReadProcessedDetails,
  resumed: Micros | undefined,
): Promise<HistoryReadResult> {
  const aggregate = aggregateOf(aggregateType?.[0])
  if (aggregate === undefined || (signal.kind !== 'number' && signal.kind !== 'boolean')) {
    return failed(StatusCodes.BadAggregateNotSupported)
  }
  const start = resumed ?? microsOf(startTime)
  const end = microsOf(endTime)
  const step = processingInterval === 0 ? end - start : Math.round(processingInterval * 1000)
  if (!(start > 0 && end > start && step > 0)) return failed(StatusCodes.BadInvalidArgument)
  const { history, limits } = options
  const last = Math.min(end, start + step * limits.historyValues)
  const values = await processed(history, signal, aggregate, { from: start, to: last, step }, limits.aggregatedReadings)
  if (values === undefined) return failed(StatusCodes.BadTooManyOperations)
  return told(values, last < end ? last : undefined)
}
