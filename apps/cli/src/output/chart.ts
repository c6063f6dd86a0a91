import type { Micros } from '@millwright/foundation'
import { text } from '../texts/text.ts'
import { shownTime, type Zone } from './times.ts'
import { shownNumber } from './values.ts'

const ROWS = 10
const BLOCKS = ' ▁▂▃▄▅▆▇█'

export interface Drawn {
  readonly from: Micros
  readonly to: Micros
  readonly time: readonly Micros[]
  readonly value: readonly (number | null)[]
  /** Width of a value, when it stands for a span; else it is a point. */
  readonly step?: Micros | undefined
}

/** A chart in block characters: values on the left, times below; where there is no reading there is a gap. */
export function chart(drawn: Drawn, width: number, zone: Zone): string[] {
  const numbers = drawn.value.filter((value): value is number => value !== null)
  if (numbers.length === 0) return [text('query.empty')]
  const low = numbers.reduce((least, value) => Math.min(least, value))
  const high = numbers.reduce((most, value) => Math.max(most, value))
  const digits = high === low ? 0 : Math.max(0, Math.min(9, 2 - Math.floor(Math.log10(high - low))))
  const written = (value: number) =>
    high === low || Math.abs(value) >= 1e9 ? shownNumber(value) : value.toFixed(digits)
  const labels = Array.from({ length: ROWS }, (_, row) => written(high - ((high - low) * row) / (ROWS - 1)))
  const side = Math.max(...labels.map((label) => label.length))
  const columns = columnsOf(drawn, Math.max(10, width - side - 2))
  const lines = labels.map((label, row) => {
    const cells = columns.map((value) => {
      if (value === undefined) return ' '
      // A flat line is drawn at half height: it has no spread to be placed in.
      const level = high === low ? ROWS / 2 : ((value - low) / (high - low)) * (ROWS - 1) + 1
      const eighths = Math.round((level - (ROWS - 1 - row)) * 8)
      return BLOCKS[Math.max(0, Math.min(8, eighths))]
    })
    return `${label.padStart(side)} │${cells.join('').trimEnd()}`
  })
  return [...lines, axis(drawn.from, drawn.to, side, columns.length, zone)]
}

/** The mean of what falls into each column. */
function columnsOf({ from, to, time, value, step = 0 }: Drawn, count: number): (number | undefined)[] {
  const sums = new Array<number>(count).fill(0)
  const counts = new Array<number>(count).fill(0)
  for (const [i, at] of time.entries()) {
    const here = value[i]
    if (here === null || here === undefined) continue
    const place = (moment: Micros) => Math.floor(((moment - from) / (to - from)) * count)
    const first = Math.max(0, Math.min(count - 1, place(at)))
    const last = Math.max(first, Math.min(count - 1, place(at + step - 1)))
    for (let column = first; column <= last; column++) {
      sums[column]! += here
      counts[column]! += 1
    }
  }
  return sums.map((sum, i) => (counts[i] === 0 ? undefined : sum / counts[i]!))
}

/** The times at both ends. */
export function axis(from: Micros, to: Micros, side: number, width: number, zone: Zone): string {
  const left = shownTime(from, zone)
  const right = shownTime(to, zone)
  const gap = Math.max(1, width - left.length - right.length)
  return `${' '.repeat(side + 2)}${left}${' '.repeat(gap)}${right}`
}

/** Spans of time as a bar: full where one lies. */
export function spanBar(
  spans: readonly { readonly from: Micros; readonly to: Micros | null }[],
  range: { readonly from: Micros; readonly to: Micros },
  width: number,
): string {
  const cells = new Array<string>(width).fill('·')
  const scale = width / (range.to - range.from)
  for (const span of spans) {
    const first = Math.max(0, Math.min(width - 1, Math.floor((span.from - range.from) * scale)))
    const last = Math.max(first + 1, Math.min(width, Math.ceil(((span.to ?? range.to) - range.from) * scale)))
    cells.fill('█', first, last)
  }
  return cells.join('')
}
