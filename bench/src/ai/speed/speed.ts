/** `node bench/src/ai/speed/speed.ts [--rows N] [--cpu]`: the learning methods beside scikit-learn on the same data, with comparable settings; `--cpu` counts processor time, for a busy machine. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gaussian, seeded, type Table } from '@millwright/methods/learning'
import { ours } from './ours.ts'

const INPUTS = 28
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    cpu: { type: 'boolean', default: false },
  },
})
const [rows, rounds] = [Number(values.rows), Number(values.rounds)]

const random = seeded(7)
const columns = Array.from({ length: INPUTS }, () => Float64Array.from({ length: rows }, () => gaussian(random)))
const y = Float64Array.from({ length: rows }, (_, row) => {
  const [a, b, c, d] = columns.map((column) => column[row]!)
  return Math.sin(2 * a!) + b! * c! + (d! > 0.3 ? 1 : 0) + 0.3 * gaussian(random)
})
const table: Table = { names: columns.map((_, at) => `x${at}`), columns }

console.log(`${rows} rows, ${INPUTS} inputs; ${cpus()[0]?.model}, load ${loadavg()[0]!.toFixed(2)} before\n`)
const mine = await ours(table, y, rounds, values.cpu)
const theirs = [1, 2].map(sklearn)
const head = [
  '',
  'Millwright, 1 thread',
  ...[1, 2].flatMap((threads) => [`scikit-learn, ${threads} thread${threads > 1 ? 's' : ''}`, 'times as fast']),
]
const lines = [head, head.map((_, at) => (at === 0 ? '---' : '---:'))]
for (const [name, seconds] of Object.entries(mine.times)) {
  const beside = theirs.flatMap((their) => {
    const its = their?.[name]
    return typeof its === 'number' ? [shown(its), (its / seconds).toFixed(2)] : ['', '']
  })
  lines.push([name, shown(seconds), ...beside])
}
console.log(lines.map((line) => `| ${line.join(' | ')} |`).join('\n'))
console.log(
  `\nRMSE on the training rows: ours ${mine.error.toFixed(4)}, scikit-learn ${theirs[0]?.['regression error'] ?? '-'}`,
)
console.log(
  'Settings: 100 trees of 31 leaves, 20 rows a leaf, 255 bins, rate 0.1; 100 isolation trees of 256 rows; 5 components.',
)

function sklearn(threads: number): Record<string, number | string> | undefined {
  // Debian's package belongs to Debian's own Python, whatever other one comes first in the path.
  const python = '/usr/bin/python3'
  if (!existsSync('/usr/lib/python3/dist-packages/sklearn')) {
    console.log('SKIPPED: scikit-learn is not here; apt-get install python3-sklearn')
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'learning-speed-'))
  try {
    writeFileSync(join(folder, 'shape.json'), JSON.stringify({ rows, inputs: INPUTS, rounds, cpu: values.cpu }))
    writeFileSync(join(folder, 'x.f64'), Buffer.concat(columns.map((column) => Buffer.from(column.buffer))))
    writeFileSync(join(folder, 'y.f64'), Buffer.from(y.buffer))
    const env = { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) }
    return JSON.parse(
      execFileSync(python, [join(import.meta.dirname, 'sklearn_speed.py'), folder], { env, encoding: 'utf8' }),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function shown(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`
  return seconds >= 1e-3 ? `${(seconds * 1e3).toFixed(1)} ms` : `${(seconds * 1e6).toFixed(1)} µs`
}
