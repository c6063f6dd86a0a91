import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '@millwright/foundation'

const STEPS: readonly (readonly [Micros, string])[] = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'm'],
  [SECOND, 's'],
  [MILLISECOND, 'ms'],
]

/** A time as a rule's author would write it: `1m`, `24h` as `1d`, `250ms`. */
export function formatMicros(time: Micros): string {
  const step = STEPS.find(([size]) => time >= size && time % size === 0)
  return step === undefined ? `${time}µs` : `${time / step[0]}${step[1]}`
}
