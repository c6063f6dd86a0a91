import { qualityErrors } from '../errors.ts'

/** Readings taken together, and the place of the first of them in the series. */
export interface Subgroup {
  readonly at: number
  readonly values: Float64Array
}

/** Each `size` readings in their order; missing ones are left out, a rest that is not full is too. */
export function consecutive(values: Float64Array, size: number): Subgroup[] {
  if (!(Number.isInteger(size) && size >= 1 && size <= 1000))
    throw qualityErrors.setting({ name: 'subgroup size', value: size, reason: 'it is a whole number from 1 to 1000' })
  const groups: Subgroup[] = []
  let held: number[] = []
  let first = 0
  values.forEach((value, at) => {
    if (!Number.isFinite(value)) return
    if (held.length === 0) first = at
    held.push(value)
    if (held.length < size) return
    groups.push({ at: first, values: Float64Array.from(held) })
    held = []
  })
  return groups
}

/** Readings of each `width` of time (µs) together; those with fewer than two are left out. `times` ascend. */
export function byTime(times: Float64Array, values: Float64Array, width: number): Subgroup[] {
  if (!(width > 0)) throw qualityErrors.setting({ name: 'subgroup time', value: width, reason: 'it is above 0' })
  const groups: { at: number; slot: number; held: number[] }[] = []
  values.forEach((value, at) => {
    if (!Number.isFinite(value)) return
    const slot = Math.floor(times[at]! / width)
    const last = groups.at(-1)
    if (last?.slot === slot) last.held.push(value)
    else groups.push({ at, slot, held: [value] })
  })
  return groups.filter(({ held }) => held.length >= 2).map(({ at, held }) => ({ at, values: Float64Array.from(held) }))
}
