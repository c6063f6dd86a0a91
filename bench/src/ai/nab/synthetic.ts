import { gaussian, type Random } from '@millwright/methods/learning'

/**
 * Streams of the kinds that machines give, with anomalies of known kinds put in: what a detector that was chosen on
 * recorded streams is tried on unchanged.
 */
export interface SyntheticStream {
  readonly base: string
  readonly kind: string
  /** µs since the epoch, every five minutes. */
  readonly times: Float64Array
  readonly values: Float64Array
  /** First row of the anomaly and the row behind it; undefined in a stream without one. */
  readonly anomaly: readonly [number, number] | undefined
}

const ROWS = 6000
const STEP = 300e6
const START = Date.UTC(2026, 0, 5) * 1000

/** The value of a row, about 1 from usual low to usual high. */
const bases: Record<string, (random: Random) => (row: number) => number> = {
  noise: (random) => () => 0.15 * gaussian(random),
  wandering: (random) => {
    let level = 0
    return () => {
      level = 0.98 * level + 0.04 * gaussian(random)
      return level
    }
  },
  daily: (random) => (row) => 0.5 * Math.sin((2 * Math.PI * row) / 288) + 0.04 * gaussian(random),
  cycle: (random) => (row) => (row % 60 < 35 ? 0.5 : -0.5) + 0.04 * gaussian(random),
  waves: (random) => (row) => 0.5 * Math.sin((2 * Math.PI * row) / 47) + 0.03 * gaussian(random),
  bursts: (random) => () => 0.1 * Math.exp(0.7 * gaussian(random)),
}

interface Kind {
  readonly rows: number
  /** The value in place of one, `part` of the way through the anomaly; `first` is the value it began with. */
  put(value: number, part: number, first: number, random: Random): number
}

const kinds: Record<string, Kind> = {
  spike: { rows: 3, put: (value) => value + 1.5 },
  shift: { rows: 200, put: (value) => value + 0.8 },
  drift: { rows: 400, put: (value, part) => value + 1.2 * part },
  restless: { rows: 150, put: (value, _, __, random) => value + 0.5 * gaussian(random) },
  calm: { rows: 200, put: (value) => 0.4 * value },
  stuck: { rows: 200, put: (_, __, first) => first },
}

/** @param copies streams of every base with every kind of anomaly, and as many without any (`kind` none) */
export function syntheticStreams(random: Random, copies: number): SyntheticStream[] {
  const streams: SyntheticStream[] = []
  for (const [base, begin] of Object.entries(bases))
    for (const kind of [...Object.keys(kinds), 'none'])
      for (let copy = 0; copy < copies; copy++) {
        const values = Float64Array.from({ length: ROWS }, (_, row) => row).map(begin(random))
        const times = values.map((_, row) => START + row * STEP)
        streams.push({ base, kind, times, values, anomaly: disturb(values, kinds[kind], random) })
      }
  return streams
}

function disturb(values: Float64Array, kind: Kind | undefined, random: Random): SyntheticStream['anomaly'] {
  if (kind === undefined) return undefined
  const from = Math.floor(values.length * (0.4 + 0.5 * random()))
  const first = values[from]!
  for (let row = from; row < from + kind.rows; row++)
    values[row] = kind.put(values[row]!, (row - from) / kind.rows, first, random)
  return [from, from + kind.rows]
}

/**
 * Rows at the beginning that are not judged, behind an anomaly that still find it, and behind it that are nobody's
 * fault.
 */
const PROBATION = 900
const LATE = 50
const AFTER = 300

export interface SyntheticCount {
  /** Streams with an anomaly that was found, of so many, for each kind. */
  readonly found: Readonly<Record<string, readonly [found: number, of: number]>>
  readonly falseAlarms: number
  /** Readings in which an alarm would be a false one. */
  readonly quiet: number
}

/** @param alarm whether a row of a stream is one */
export function syntheticCount(
  streams: readonly SyntheticStream[],
  alarm: (stream: number, row: number) => boolean,
): SyntheticCount {
  const found: Record<string, [number, number]> = {}
  let falseAlarms = 0
  let quiet = 0
  streams.forEach(({ kind, values, anomaly: [from, to] = [values.length, values.length] }, at) => {
    let hit = false
    for (let row = PROBATION; row < values.length; row++) {
      const nobodys = row >= from && row < to + AFTER
      if (!nobodys) quiet++
      if (!alarm(at, row)) continue
      if (!nobodys) falseAlarms++
      else if (row < to + LATE) hit = true
    }
    if (from === values.length) return
    found[kind] ??= [0, 0]
    found[kind][0] += hit ? 1 : 0
    found[kind][1]++
  })
  return { found, falseAlarms, quiet }
}
