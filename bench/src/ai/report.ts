import type { AiResult, Score } from './scenario.ts'

export interface Scored extends AiResult {
  readonly scenario: string
  readonly about: string
  readonly seconds: number
}

/** Whether a score is what it is held against; undefined when it is held against nothing. */
export function met({ wanted, ours }: Score): boolean | undefined {
  if (wanted === undefined) return undefined
  const { atLeast, atMost } = wanted
  return (atLeast === undefined || ours >= atLeast) && (atMost === undefined || ours <= atMost)
}

/** One table with what others reached beside ours, then the configurations, as Markdown. */
export function aiReport(scored: readonly Scored[], skipped: readonly string[]): string {
  const rows = scored.flatMap(({ scenario, scores }) =>
    scores.map((score) => [scenario, score.measure, shown(score.ours), wanted(score), score.others ?? '']),
  )
  const head = ['data', 'measure', 'ours', 'wanted', 'others']
  return [
    [head, ['---', '---', '---:', '---', '---'], ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
    ...scored.map(
      ({ scenario, about, seconds, configuration, notes = [] }) =>
        `**${scenario}** (${about}; ${seconds} s): \`${JSON.stringify(configuration)}\`${notes.map((note) => `\n- ${note}`).join('')}`,
    ),
    ...skipped.map((why) => `SKIPPED: ${why}`),
  ].join('\n\n')
}

const shown = (value: number): string =>
  Number.isInteger(value)
    ? String(value)
    : Math.abs(value) >= 100
      ? value.toFixed(1)
      : Number(value.toPrecision(4)).toString()

function wanted(score: Score): string {
  const { atLeast, atMost } = score.wanted ?? {}
  if (atLeast === undefined && atMost === undefined) return ''
  const range =
    atLeast !== undefined && atMost !== undefined
      ? `${atLeast} to ${atMost}`
      : atLeast !== undefined
        ? `≥ ${atLeast}`
        : `≤ ${atMost}`
  return met(score) ? range : `${range} **missed**`
}
