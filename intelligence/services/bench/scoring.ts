/** What live scoring takes of a core, without the platform around it: `node intelligence/services/bench/scoring.ts`. */
import type { Arrivals } from '../src/kinds/kind.ts'
import { kindOf } from '../src/kinds/kinds.ts'
import { checkedSettings } from '../src/kinds/settings.ts'
import { Slots } from '../src/scoring/slots.ts'

const SERVICES = 500
const SIGNALS = 20
const SECONDS = 60
const SECOND = 1_000_000
const FROM = Date.UTC(2026, 0, 1) * 1000

const kind = kindOf('anomaly')!
const { train } = await kind.work()
const settings = checkedSettings(kind, {})
const inputs = Array.from({ length: SIGNALS }, (_, i) => ({
  signal: `sig_${i}`,
  name: `signal ${i}`,
  kind: 'number' as const,
  unit: '1',
  hold: 5,
}))
const plan = { step: SECOND, inputs }
const value = (n: number, i: number) => Math.sin(n / (40 + i)) + 0.1 * Math.sin(n * 12.9898 + i * 78.233)
const times = Float64Array.from({ length: 3600 }, (_, n) => FROM + n * SECOND)
const columns = inputs.map((_, i) => times.map((_, n) => value(n, i)))
const grid = { times, names: inputs.map(({ name }) => name), columns }
const machine = { id: 'ast_1', name: 'Machine', grid, series: [] }
const data = { from: FROM, to: FROM + 3600 * SECOND, plan, machine, others: [], labels: [] }
const { model } = await train!(data, settings, () => undefined)

const slots = new Slots(new Int32Array(new SharedArrayBuffer(8)))
for (let slot = 0; slot < SERVICES; slot++) {
  const keys = inputs.map((_, i) => slot * SIGNALS + i)
  await slots.handle({ type: 'set', slot, kind: kind.id, settings, plan, keys, model })
  await slots.handle({ type: 'live', slot, silentUntil: 0 })
}
let results = 0
const used = process.cpuUsage()
for (let second = 0; second < SECONDS; second++) {
  const { key, time, ...rest } = rowsOf(second)
  const answer = await slots.handle({ type: 'rows', rows: { key, time, ...rest } })
  if (answer?.type === 'rows') for (const { rows } of answer.results) results += rows.length
}
const { user, system } = process.cpuUsage(used)
const share = (user + system) / (SECONDS * 1e6)
console.log(
  `${SERVICES} services of ${SIGNALS} signals, 1 Hz: ${(100 * share).toFixed(1)} % of a core, ${results} results`,
)

/** One reading of every signal. */
function rowsOf(second: number) {
  const length = SERVICES * SIGNALS
  const at = FROM + (3600 + second) * SECOND
  const arrivals: Pick<Arrivals, 'time' | 'value'> = {
    time: new Float64Array(length).fill(at),
    value: Float64Array.from({ length }, (_, row) => value(3600 + second, row % SIGNALS)),
  }
  return { length, key: Uint32Array.from({ length }, (_, row) => row), ...arrivals, wide: [], now: at }
}
