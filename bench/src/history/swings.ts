import type { Telemetry } from '@millwright/storage'

const HOUR = 3_600_000_000
/** In `signal_classes`: kept for 400 days. */
export const STANDARD = 2
/** Readings of each signal in one insert: all signals together, a slice of time each, as the platform's windows do. */
const SLICE = 1_000

export interface Span {
  readonly from: number
  /** Between two readings of a signal, µs. */
  readonly period: number
  /** Of each signal. */
  readonly readings: number
}

/**
 * Readings for every signal that has one already: a slow swing, a faster one, noise, three decimals, as a thermometer
 * gives. Hours with readings are noted as the platform notes them, so that its roller finds them.
 */
export async function writeSwings(telemetry: Telemetry, { from, period, readings }: Span): Promise<void> {
  const run = (query: string) => telemetry.client.command({ query })
  const keys = '(select distinct signal as key from latest)'
  for (let at = 0; at < readings; at += SLICE) {
    const count = Math.min(SLICE, readings - at)
    await run(`insert into readings (class, signal, time, value, quality, generation)
      select ${STANDARD}, key, ${from} + n * ${period} + (cityHash64(key) % ${period}),
        round(60 + 20 * sin(n / 700 + key) + 5 * sin(n / (31 + key % 5)) + (cityHash64(key, n) % 1000) / 500, 3), 0, 0
      from ${keys} as signals cross join (select number + ${at} as n from numbers(${count})) as numbers`)
  }
  await noteHours(run, keys, from, from + readings * period)
}

/** Writes the roller's notes for all these signals over a span. */
export async function noteHours(
  run: (query: string) => Promise<unknown>,
  keys: string,
  from: number,
  to: number,
): Promise<void> {
  const first = Math.floor(from / HOUR)
  const hours = Math.floor(to / HOUR) - first + 1
  await run(`insert into rollup_marks (epoch, signal, hour)
    select (select max(epoch) from rollup_marks), key, hour
    from ${keys} as signals cross join (select ${first} + number as hour from numbers(${hours})) as hours`)
}
