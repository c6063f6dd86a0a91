import { QUALITY, type SignalKey } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Engine, QueryLimits } from '../engine.ts'
import type { Span } from '../rollup/dirty.ts'
import { USABLE } from '../rollup/levels.ts'

/** Readings as columns in order of time; `value` is null where the quality is Bad. */
export interface RawRows {
  readonly time: Micros[]
  readonly value: (number | null)[]
  readonly quality: number[]
  /** Readings in the range; more than there are rows when they were thinned. */
  readonly points: number
  /** Usual distance of the readings, where the thinning shows it. */
  readonly usual: Micros | undefined
}

const POINTS_A_PIXEL = 4

/**
 * Readings of a signal in a range. When there are more than four a pixel they are thinned by M4 (Jugel et al., VLDB
 * 2014): of each pixel column the first, last, lowest and highest reading, which draws the same line. A Bad reading in
 * a column is kept as a null.
 */
export async function queryRaw(
  engine: Engine,
  key: SignalKey,
  range: Span,
  pixels: number,
  pace: Micros | undefined,
  limits: QueryLimits = {},
): Promise<RawRows> {
  const most = pixels * POINTS_A_PIXEL
  const expected = pace === undefined ? 0 : (range.to - range.from) / pace
  if (expected <= most * 1.5) {
    const rows = await plain(engine, key, range, most + 1, limits)
    if (rows.time.length <= most) return rows
  }
  const thinned = await m4(engine, key, range, pixels, limits)
  return thinned.points <= most ? plain(engine, key, range, most, limits) : thinned
}

async function plain(
  engine: Engine,
  key: SignalKey,
  range: Span,
  limit: number,
  limits: QueryLimits,
): Promise<RawRows> {
  const [time, value, quality] = await engine.columns<[number[], (number | null)[], number[]]>(
    `select time, if(${USABLE}, value, nan), quality from readings final
     where signal = {key:UInt32} and time >= {from:Int64} and time < {to:Int64} order by time limit {limit:UInt32}`,
    { key, from: range.from, to: range.to, limit },
    limits,
  )
  return { time, value, quality, points: time.length, usual: undefined }
}

type M4Columns = [...number[][]]

async function m4(engine: Engine, key: SignalKey, range: Span, pixels: number, limits: QueryLimits): Promise<RawRows> {
  const width = Math.max(1, Math.ceil((range.to - range.from) / pixels))
  const columns = await engine.columns<M4Columns>(
    `select count(), countIf(${USABLE}), maxIf(quality, ${USABLE}),
       minIf(time, ${USABLE}), argMinIf(value, time, ${USABLE}), maxIf(time, ${USABLE}), argMaxIf(value, time, ${USABLE}),
       argMinIf(time, value, ${USABLE}), minIf(value, ${USABLE}), argMaxIf(time, value, ${USABLE}), maxIf(value, ${USABLE}),
       minIf(time, not (${USABLE})), argMinIf(quality, time, not (${USABLE}))
     from readings final
     where signal = {key:UInt32} and time >= {from:Int64} and time < {to:Int64}
     group by intDiv(time - {from:Int64}, {width:Int64}) as pixel order by pixel`,
    { key, from: range.from, to: range.to, width },
    limits,
  )
  const [count, usable, worst, ...pairs] = columns as number[][] as [number[], number[], number[], ...number[][]]
  const out: { time: number[]; value: (number | null)[]; quality: number[] } = { time: [], value: [], quality: [] }
  for (let row = 0; row < count.length; row++) {
    const points: [time: number, value: number | null, quality: number][] = []
    if (usable[row]! > 0) {
      for (let at = 0; at < 8; at += 2) points.push([pairs[at]![row]!, pairs[at + 1]![row]!, worst[row]!])
    }
    if (usable[row]! < count[row]!) points.push([pairs[8]![row]!, null, pairs[9]![row] ?? QUALITY.bad])
    points.sort((a, b) => a[0] - b[0])
    for (const [at, value, quality] of points) {
      if (out.time.at(-1) === at) continue
      out.time.push(at)
      out.value.push(value)
      out.quality.push(quality)
    }
  }
  const points = count.reduce((sum, each) => sum + each, 0)
  const busy = count.toSorted((a, b) => a - b)[count.length >> 1]
  return { ...out, points, usual: busy === undefined ? undefined : width / busy }
}
