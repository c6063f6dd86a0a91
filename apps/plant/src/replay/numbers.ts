export type Decimal = '.' | ','

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/
const POINT_GROUPS = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/
const COMMA_GROUPS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/

/** Cells that say "no value here". */
const MISSING = new Set([
  'nan',
  '-nan',
  'na',
  'n/a',
  '#n/a',
  'null',
  'none',
  'nil',
  'inf',
  '-inf',
  '+inf',
  'infinity',
  '-infinity',
])

/** An empty cell is no reading at all; this is a reading without a value. */
export const isMissing = (cell: string): boolean => MISSING.has(cell.toLowerCase())

/**
 * The float64 nearest to the text, or undefined when it is no number. Groups of three (1.234,5 or 1,234.5) are
 * understood where they are written whole. Numbers beyond float64 are no numbers.
 */
export function parseNumber(cell: string, decimal: Decimal): number | undefined {
  let text = cell
  if (decimal === '.') {
    if (!PLAIN.test(text)) {
      if (!COMMA_GROUPS.test(text)) return undefined
      text = text.replaceAll(',', '')
    }
  } else if (POINT_GROUPS.test(text)) text = text.replaceAll('.', '').replace(',', '.')
  else if (COMMA.test(text)) text = text.replace(',', '.')
  else return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
