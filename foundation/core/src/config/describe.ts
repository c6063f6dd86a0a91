import type { Option } from './option.ts'

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default'

const MASK = '******'

/** The configuration as it stands, one line an option: value, and the source it came from; secrets masked. */
export function printConfig(
  options: readonly Option[],
  values: Readonly<Record<string, unknown>>,
  origins: ReadonlyMap<string, Origin>,
  file: string | undefined,
): string {
  const rows = options.map((option) => {
    const value = values[option.name]
    const origin = origins.get(option.name)
    const source =
      origin === 'flag' ? option.flag : origin === 'environment' ? option.variable : origin === 'file' ? file : origin
    return [option.name, shown(option, value), source ?? 'not set'] as const
  })
  const widths = [0, 1].map((column) => Math.min(48, Math.max(...rows.map((row) => row[column]!.length))))
  return rows
    .map(([name, value, source]) => `${name.padEnd(widths[0]!)}  ${value.padEnd(widths[1]!)}  (${source})\n`)
    .join('')
}

function shown(option: Option, value: unknown): string {
  if (value === undefined || value === '') return '-'
  if (option.schema.secret === true) return MASK
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // A password may also stand inside an address.
  return text.replace(/(\w+:\/\/[^\s:@/]*):[^\s@/]+@/g, `$1:${MASK}@`)
}

/** The `--help` page's list of options. */
export function helpText(options: readonly Option[]): string {
  const rows = options.map((option) => {
    const place = option.type === 'boolean' ? '' : ` ${option.schema.enum?.join('|') ?? option.type.toUpperCase()}`
    const standard = option.schema.default
    const known = standard === undefined || standard === '' || standard === false || option.schema.secret === true
    const note = known ? '' : ` (default ${Array.isArray(standard) ? standard.join(',') : standard})`
    return {
      left: `${option.flag}${place}`,
      right: `${option.schema.description ?? ''}${note}`,
      variable: option.variable,
    }
  })
  rows.push(
    { left: '--config FILE', right: 'JSON file with any of these options, by their camelCase names', variable: '' },
    {
      left: '--print-config',
      right: 'print the configuration and where each value comes from, then stop',
      variable: '',
    },
    { left: '--help', right: 'print this page, then stop', variable: '' },
  )
  const width = Math.max(...rows.map(({ left }) => left.length))
  return rows
    .map(({ left, right, variable }) => `  ${left.padEnd(width)}  ${right}${variable && ` [${variable}]`}\n`)
    .join('')
}
