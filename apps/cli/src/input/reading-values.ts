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

/** What kind cells look like. Cells that say nothing are passed over. */
export function kindOf(cells: Iterable<string>): Kind {
  const kinds = new Set<Kind>()
  for (const cell of cells) {
    const kind = kindOfOne(cell.trim())
    if (kind !== undefined) kinds.add(kind)
  }
  if (kinds.size === 0) return 'number'
  const [only] = kinds
  return kinds.size === 1 ? only! : kinds.has('state') || kinds.has('number') ? 'state' : 'document'
}

function kindOfOne(cell: string): Kind | undefined {
  if (NONE.has(cell.toLowerCase())) return undefined
  if (readNumber(cell) !== undefined) return 'number'
  if (/^(true|false)$/i.test(cell)) return 'boolean'
  if (!cell.startsWith('{')) return 'state'
  const value = readValue(cell, 'document')
  if (typeof value !== 'object' || value === null) return 'state'
  if ('sampleRate' in value && 'samples' in value) return 'waveform'
  return 'latitude' in value && 'longitude' in value ? 'position' : 'document'
}
