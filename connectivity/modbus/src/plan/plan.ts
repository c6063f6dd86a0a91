/** Which requests read a set of registers: few of them, each inside the device's limits. Pure. */
import { isBitTable, readFunction, type Table } from '../codec/functions.ts'
import { encodeRequest, type Request } from '../codec/pdu.ts'
import type { Point } from '../values/layout.ts'
import { type Read, readerOf } from '../values/read.ts'

/** What a device can take. */
export interface ReadLimits {
  readonly maxRegisters: number
  readonly maxCoils: number
  /** Registers that nobody asked for, that may be read along between two that somebody did. */
  readonly gap: number
}

/** One request and what is to be taken from its answer. */
export interface ReadRange {
  readonly table: Table
  readonly address: number
  readonly count: number
  /** Sorted by address; each lies inside the range. */
  readonly points: readonly Point[]
  readonly reads: readonly Read[]
  readonly request: Request
  readonly pdu: Buffer
}

/** Each point stands in exactly one range. */
export function planReads(points: readonly Point[], limits: ReadLimits): ReadRange[] {
  const ranges: ReadRange[] = []
  for (const table of ['coil', 'discrete', 'input', 'holding'] as const) {
    const here = points
      .filter((point) => point.table === table)
      .sort((a, b) => a.address - b.address || a.size - b.size)
    const most = isBitTable(table) ? limits.maxCoils : limits.maxRegisters
    // Sixteen bits cost as much as one register.
    const gap = isBitTable(table) ? limits.gap * 16 : limits.gap
    let open: Point[] = []
    let start = 0
    let end = 0
    for (const point of here) {
      const after = Math.max(end, point.address + point.size)
      if (open.length > 0 && (after - start > most || point.address > end + gap)) {
        ranges.push(rangeOf(table, start, end, open))
        open = []
      }
      if (open.length === 0) start = end = point.address
      open.push(point)
      end = Math.max(end, point.address + point.size)
    }
    if (open.length > 0) ranges.push(rangeOf(table, start, end, open))
  }
  return ranges
}

/**
 * Smaller ranges instead of one that the device refused: first without what nobody asked for, then by halves.
 * undefined: it is a single register already.
 */
export function splitRange(range: ReadRange, limits: ReadLimits): ReadRange[] | undefined {
  const { points } = range
  if (points.length === 1) return undefined
  const dense = planReads(points, { ...limits, gap: 0 })
  if (dense.length > 1) return dense
  const middle = points.length >> 1
  return [points.slice(0, middle), points.slice(middle)].flatMap((half) => planReads(half, { ...limits, gap: 0 }))
}

function rangeOf(table: Table, start: number, end: number, points: readonly Point[]): ReadRange {
  const request: Request = { function: readFunction[table], address: start, count: end - start }
  return {
    table,
    address: start,
    count: end - start,
    points,
    reads: points.map((point) => readerOf(point, point.address - start)),
    request,
    pdu: encodeRequest(request),
  }
}
