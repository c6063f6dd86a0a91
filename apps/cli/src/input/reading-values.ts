import type { Signal } from '../resolve/signals.ts'

type Kind = Signal['kind']

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false }
const NONE = new Set(['', 'null', 'nan', 'na', 'n/a'])

/** A cell as the value of a signal of this kind; `undefined` when it is none, null when it says that there is none. */
export function readValue(cell: string, kind: Kind): unknown {
  const trimmed = cell.trim()
  if (kind === 'state') return cell
  if (NONE.has(trimmed.toLowerCase())) return null
  if (kind === 'number') return readNumber(trimmed)
  if (kind === 'boolean') return BOOLEANS[trimmed.toLowerCase()]
  try {
    return JSON.parse(trimmed) as unknown
  } catch {
    return undefined
  }
}

function readNumber(given: string): number | undefined {
  if (!NUMBER.test(given)) return undefined
  const value = Number(given)
  return Number.isFinite(value) ? value : undefined
}

/** What kind cells look like: numbers, truth values, or words. Cells that say nothing are passed over. */
export function kindOf(cells: Iterable<string>): Kind {
  let number = true
  let boolean = true
  let any = false
  for (const cell of cells) {
    const trimmed = cell.trim()
    if (NONE.has(trimmed.toLowerCase())) continue
    any = true
    if (readNumber(trimmed) === undefined) number = false
    if (!/^(true|false)$/i.test(trimmed)) boolean = false
  }
  if (!any || number) return 'number'
  return boolean ? 'boolean' : 'state'
}
