/** A kind for tests: the level of one signal; it does what its settings say, at the reading that is 999. */

import { Choice, Strict } from '@millwright/contracts'
import { HOUR, MINUTE } from '@millwright/foundation'
import { Type } from 'typebox'
import type { KindWork, Scores, ServiceKind } from '../kinds/kind.ts'
import { reportOf } from '../kinds/report.ts'
import { GridRows } from '../scoring/grid-rows.ts'

const work: KindWork = {
  async train({ machine, labels }, settings, progress) {
    progress(0.5, 'half way')
    if (settings['training'] === 'throw') throw new Error('The history tells nothing.')
    if (settings['training'] === 'hang') for (;;) Math.random()
    if (settings['training'] === 'exit') process.exit(3)
    const column = machine.grid.columns[0]!
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length
    return {
      model: new TextEncoder().encode(JSON.stringify({ mean })),
      report: reportOf({
        summary: `The level is ${mean.toFixed(2)}.`,
        used: [{ name: machine.grid.names[0]!, rows: column.length }],
        // More than a report may have to say.
        notes: settings['training'] === 'talk' ? ['x'.repeat(5 << 20)] : [],
        details: { labels, columns: Array.from(column), times: Array.from(machine.grid.times) },
      }),
    }
  },
  scorer(model, { settings, plan }) {
    const { mean } = JSON.parse(new TextDecoder().decode(model)) as { mean: number }
    const grid = new GridRows(plan)
    let began: number | undefined
    let peak = { value: 0, at: 0 }
    return {
      take(arrivals): Scores {
        for (let row = 0; row < arrivals.length; row++) {
          if (arrivals.value[row] !== 999) continue
          if (settings['scoring'] === 'throw') throw new Error('It cannot be 999.')
          if (settings['scoring'] === 'hang') for (;;) Math.random()
        }
        const { times, columns } = grid.take(arrivals)
        const rows: Scores['rows'][number][] = []
        const episodes: Scores['episodes'][number][] = []
        for (const [i, time] of times.entries()) {
          const score = columns[0]![i]! - mean
          rows.push({ output: 0, time, value: score })
          const high = score > 10
          if (high || began !== undefined) {
            if (began === undefined) peak = { value: score, at: time }
            began ??= time
            if (score > peak.value) peak = { value: score, at: time }
            const shares = [{ name: plan.inputs[0]!.name, share: 1 }]
            const to = high ? null : time
            episodes.push({ from: began, to, peak: peak.value, peakAt: peak.at, explanation: 'High.', signals: shares })
            if (!high) began = undefined
          }
        }
        return { rows, episodes }
      },
    }
  },
}

const behave = (values: readonly string[]) => Type.Optional(Type.Unsafe<string>({ ...Choice(values), default: 'well' }))

export const kind: ServiceKind = {
  id: 'test-level',
  name: 'Level',
  summary: 'How far a signal is from its usual level.',
  trains: true,
  episodes: true,
  settings: Strict({
    signal: Type.Optional(Type.String({ title: 'Signal', default: 'level' })),
    training: behave(['well', 'throw', 'hang', 'exit', 'talk']),
    scoring: behave(['well', 'throw', 'hang']),
  }),
  inputs: (settings) => [String(settings['signal'])],
  reads: () => ({ as: 'grid', step: 1_000_000 }),
  outputs: () => [{ name: 'score', kind: 'number', unit: '1', about: 'Distance from the usual level' }],
  alarm: () => ({ condition: (of) => `${of('score')} > 10.0`, message: 'Level off by {score}', response: 'Look.' }),
  span: () => HOUR,
  warmUp: () => MINUTE,
  readiness: ({ inputs }) => [
    { code: 'readings', level: inputs[0]!.usable > 0 ? 'ok' : 'missing', sentence: `${inputs[0]!.usable} readings.` },
  ],
  work: async () => work,
}
