import type { SignalKind } from '@millwright/contracts'
import type { Graph } from './graph.ts'
import { BASE, base } from './model.ts'

/** Data types of the standard (Part 5, 12) that say what kind of signal a value is, without its own file. */
const KNOWN: Readonly<Record<number, SignalKind>> = {
  1: 'boolean',
  2: 'number',
  3: 'number',
  4: 'number',
  5: 'number',
  6: 'number',
  7: 'number',
  8: 'number',
  9: 'number',
  10: 'number',
  11: 'number',
  12: 'state',
  13: 'state',
  14: 'state',
  15: 'document',
  16: 'state',
  17: 'state',
  18: 'state',
  19: 'state',
  20: 'state',
  21: 'state',
  22: 'document',
  26: 'number',
  27: 'number',
  28: 'number',
  29: 'state',
  288: 'number',
  289: 'number',
  290: 'number',
  291: 'state',
  294: 'state',
  295: 'state',
  852: 'state',
}
const DURATION = base(290)

/** The kind of signal a variable of a data type is, and the unit that the type itself has. */
export function kindOfType(
  graph: Graph,
  dataType: string | undefined,
  valueRank: number,
): { kind: SignalKind; unit: string } {
  if (valueRank >= 0) return { kind: 'document', unit: '1' }
  const line = dataType === undefined ? [] : [dataType, ...graph.supertypes(dataType)]
  for (const key of line) {
    const kind = key.startsWith(`${BASE}|i=`) ? KNOWN[Number(key.slice(BASE.length + 3))] : undefined
    if (kind !== undefined) return { kind, unit: line.includes(DURATION) ? 'ms' : '1' }
  }
  return { kind: 'document', unit: '1' }
}
