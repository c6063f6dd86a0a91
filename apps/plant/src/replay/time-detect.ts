import { instantOf, readTime, TIME_FORMATS, type TimeFormat } from './time-format.ts'
import { zoneNamed } from './zone.ts'

const UTC = zoneNamed('UTC')
const EARLIEST = Date.UTC(1980, 0, 1) * 1000
const LATEST = Date.UTC(2100, 0, 1) * 1000

export type Detection =
  | { readonly format: TimeFormat }
  /** Both readings fit all rows: 03/04/2020. */
  | { readonly ambiguous: readonly TimeFormat[] }
  | { readonly none: true }

/** Which format reads every cell of a sample as a time between 1980 and 2100. */
export function detectTime(cells: readonly string[]): Detection {
  const filled = cells.filter((cell) => cell.trim() !== '')
  if (filled.length === 0) return { none: true }
  const fitting = TIME_FORMATS.filter((format) => filled.every((cell) => plausible(cell, format)))
  if (fitting.length === 0) return { none: true }
  if (fitting.length === 1) return { format: fitting[0]! }
  // Dots and dashes between day and month are never American; a comma or am/pm hardly ever anything else.
  if (fitting.includes('dmy') && fitting.includes('mdy')) {
    if (filled.every((cell) => /^\s*\d+[.-]/.test(cell))) return { format: 'dmy' }
    if (filled.some((cell) => /[ap]m\b/i.test(cell))) return { format: 'mdy' }
    return byOrder(filled, ['dmy', 'mdy']) ?? { ambiguous: ['dmy', 'mdy'] }
  }
  return { format: fitting[0]! }
}

function plausible(cell: string, format: TimeFormat): boolean {
  const written = readTime(cell, format)
  if (written === undefined) return false
  const instant = instantOf(written, UTC, 0)
  return instant !== undefined && instant >= EARLIEST && instant < LATEST
}

/** Recordings go forward: the one reading under which time never goes back, if only one does that, and moves. */
function byOrder(cells: readonly string[], formats: readonly TimeFormat[]): Detection | undefined {
  const spans = formats.map((format) => {
    const instants = cells.map((cell) => instantOf(readTime(cell, format)!, UTC, 0)!)
    const forward = instants.every((instant, at) => at === 0 || instant >= instants[at - 1]!)
    return { format, forward, span: instants.at(-1)! - instants[0]! }
  })
  const forward = spans.filter((one) => one.forward)
  if (forward.length === 1) return { format: forward[0]!.format }
  // Days that follow each other under one reading are months apart under the other.
  const [a, b] = forward
  if (a === undefined || b === undefined || a.span === b.span) return undefined
  return { format: (a.span < b.span ? a : b).format }
}
