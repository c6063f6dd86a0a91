export { isBad, isGood, QUALITY, ReadingBatch, type SignalKey, type WideRow, type WideValue } from './batch.ts'
export type { MetricOwner, ReadingSink, Resolution, ResolvedSignal, SignalDirectory } from './ports.ts'
