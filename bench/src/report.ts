import { cpus, loadavg, totalmem } from 'node:os'
import type { Breakdown, Figure, ScenarioResult } from './scenario.ts'

export interface Measured extends ScenarioResult {
  readonly scenario: string
  readonly about: string
  readonly seconds: number
  /** Load of the machine (processes that wanted to run, mean of a minute) before it began: what else was going on. */
  readonly loadBefore: number
}

/** What the figures were measured on. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
})

export const loadNow = (): number => Number(loadavg()[0]!.toFixed(1))

/** The whole report as Markdown, ready for the README. */
export function report(measured: readonly Measured[]): string {
  const { cpu, cores, memoryGiB, node, platform } = machine()
  const loads = measured.map(({ scenario, loadBefore }) => `${scenario} ${loadBefore}`).join(', ')
  return [
    `${cores} cores (${cpu}), ${memoryGiB} GiB, Node ${node}, ${platform}. Load of the machine before each: ${loads}.`,
    table(measured),
    ...measured.flatMap(({ breakdowns = [] }) => breakdowns.map(breakdown)),
    ...measured.flatMap(({ scenario, skipped = [] }) => skipped.map((why) => `SKIPPED in ${scenario}: ${why}`)),
  ].join('\n\n')
}

function table(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ scenario, figures }) =>
    figures.map((figure) => [
      scenario,
      figure.name,
      `${shown(figure.value)} ${figure.unit}`.trim(),
      wanted(figure),
      figure.note ?? '',
    ]),
  )
  return markdown(['scenario', 'figure', 'measured', 'wanted', 'how'], ['---', '---', '---:', '---', '---'], rows)
}

function breakdown({ title, unit, rows }: Breakdown): string {
  const cells = rows.map(([name, value]) => [name, `${shown(value)} ${unit}`])
  return markdown([title, unit], ['---', '---:'], cells)
}

const markdown = (head: string[], rule: string[], rows: string[][]): string =>
  [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** Whether a figure is what it is held against; undefined when it is held against nothing. */
export function met({ target, value }: Figure): boolean | undefined {
  if (target === undefined) return undefined
  const { atLeast, atMost } = target
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost)
}

function wanted(figure: Figure): string {
  if (figure.target === undefined) return ''
  const { atLeast, atMost } = figure.target
  const words = [
    atLeast === undefined ? '' : `≥ ${shown(atLeast)}`,
    atMost === undefined ? '' : `≤ ${shown(atMost)}`,
  ].filter(Boolean)
  return `${words.join(', ')} ${figure.unit} ${met(figure) ? '(met)' : '(NOT met)'}`
}

function shown(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  if (Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(3)))
}
