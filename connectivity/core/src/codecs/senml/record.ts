import { connectivityErrors } from '../../errors.ts'

/** The fields of a SenML record, by both their labels (RFC 8428, table 4). A number, for a quick test of repeats. */
export const FIELD = {
  bver: 1,
  bn: 2,
  bt: 4,
  bu: 8,
  bv: 16,
  bs: 32,
  n: 64,
  u: 128,
  v: 256,
  vs: 512,
  vb: 1024,
  s: 2048,
  t: 4096,
  ut: 8192,
  vd: 16384,
} as const

export type Label = keyof typeof FIELD

const CBOR_LABELS: ReadonlyMap<number, Label> = new Map([
  [-1, 'bver'],
  [-2, 'bn'],
  [-3, 'bt'],
  [-4, 'bu'],
  [-5, 'bv'],
  [-6, 'bs'],
  [0, 'n'],
  [1, 'u'],
  [2, 'v'],
  [3, 'vs'],
  [4, 'vb'],
  [5, 's'],
  [6, 't'],
  [7, 'ut'],
  [8, 'vd'],
])

const TEXT_LABELS: ReadonlyMap<string, Label> = new Map((Object.keys(FIELD) as Label[]).map((label) => [label, label]))

/** The label of a record's key; undefined when it is not one. */
export const labelOf = (key: string | number): Label | undefined =>
  typeof key === 'number' ? CBOR_LABELS.get(key) : TEXT_LABELS.get(key)

/**
 * Keys that are no labels are ignored, as RFC 8428, 4.4 says, except those that end in `_`: they must be understood, so the
 * pack is refused.
 */
export function checkIgnorable(key: string | number, path: string): void {
  if (typeof key === 'string' && key.endsWith('_')) throw connectivityErrors.mustUnderstand({ path })
}

/** One record as sent; `fields` has the FIELD bits that are set. Used again for each record. */
export interface SenmlRecord {
  fields: number
  bver: number
  bn: string
  bt: number
  bu: string
  bv: number
  bs: number
  n: string
  u: string
  v: number
  vs: string
  vb: boolean
  s: number
  t: number
  ut: number
  /** base64url without padding. */
  vd: string
}

export const emptyRecord = (): SenmlRecord => ({
  fields: 0,
  bver: 0,
  bn: '',
  bt: 0,
  bu: '',
  bv: 0,
  bs: 0,
  n: '',
  u: '',
  v: 0,
  vs: '',
  vb: false,
  s: 0,
  t: 0,
  ut: 0,
  vd: '',
})
