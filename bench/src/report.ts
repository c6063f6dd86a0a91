import { cpus, totalmem } from 'node:os'
import type { Figure } from './scenario.ts'

export interface Measured {
  readonly scenario: string
  readonly about: string
  readonly seconds: number
  readonly figures: readonly Figure[]
}

/** What the figures were measured on. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
})

/** As a Markdown table, ready for the README. */
export function table(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ scenario, figures }) =>
    figures.map((figure) => [scenario, figure.name, `${shown(figure.value)} ${figure.unit}`.trim(), wanted(figure), figure.note ?? '']),
  )
  return [
    ['scenario', 'figure', 'measured', 'wanted', 'how'],
    ['---', '---', '---:', '---', '---'],
    ...rows,
  ]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

function wanted({ target, value, unit }: Figure): string {
  if (target === undefined) return ''
  const { atLeast, atMost } = target
  const met = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost)
  const words = [atLeast === undefined ? '' : `≥ ${shown(atLeast)}`, atMost === undefined ? '' : `≤ ${shown(atMost)}`].filter(Boolean)
  return `${words.join(', ')} ${unit} ${met ? '(met)' : '(NOT met)'}`
}

function shown(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return value.toPrecision(3).replace(/\.0+$/, '')
}
