import type { Micros } from '@millwright/foundation'

/** Aggregated spans of one signal as columns, in order of time; buckets without readings are not among them. */
export interface Buckets {
  /** Width of a bucket, µs. */
  readonly step: Micros
  /** Start of each bucket, a multiple of `step` since the epoch. */
  readonly time: Micros[]
  readonly readings: number[]
  /** Of these, the Good and Uncertain ones: what the numbers are made of. */
  readonly usable: number[]
  readonly sum: number[]
  /** null where no reading is usable, as are max, first and last. */
  readonly min: (number | null)[]
  readonly max: (number | null)[]
  readonly first: (number | null)[]
  readonly last: (number | null)[]
  /** The worst in the bucket. */
  readonly quality: number[]
}

export const BUCKET_COLUMNS = ['readings', 'usable', 'sum', 'min', 'max', 'first', 'last', 'quality'] as const
