import { join } from 'node:path'
import type { PlannedConnection } from '../planned.ts'
import { BENCH_FOLDERS } from './bench.ts'
import { BENCH_DBC } from './can-bus.ts'
import { IDENTITY } from './instrument.ts'

const ASKED = [
  { send: 'MEAS:VOLT?', metric: 'voltage', unit: 'V' },
  { send: 'MEAS:CURR?', metric: 'current', unit: 'A' },
  { send: 'MEAS:POW?', metric: 'power', unit: 'kW' },
  { send: 'MEAS:PFAC?', metric: 'power_factor' },
  { send: 'MEAS:FREQ?', metric: 'frequency', unit: 'Hz' },
]

/** Files are renamed in complete: nothing has to settle. */
const watched = (folder: string, pattern: string) => ({ folder, pattern, settle: 0, interval: 1 })

/** How the agent reaches a test bench: its instrument, its bus, its records and its report, all the bench's own. */
export function connectionsToBench(name: string, port: number, folder: string): readonly PlannedConnection[] {
  const steps = ASKED.map(({ send, ...result }) => ({ send, result: { type: 'number', ...result } }))
  const of = (kind: keyof typeof BENCH_FOLDERS) => join(folder, BENCH_FOLDERS[kind])
  const common = { machine: name, behind: [] }
  return [
    {
      ...common,
      name: `${name} by SCPI`,
      adapter: 'scpi',
      config: { host: '127.0.0.1', port, identity: IDENTITY, scripts: [{ interval: 500, steps }] },
    },
    {
      ...common,
      name: `${name} by CAN`,
      adapter: 'can',
      config: {
        source: { type: 'logs', ...watched(of('can'), '*.log') },
        databases: [{ name: 'Bench', dbc: BENCH_DBC }],
        metric: 'signal',
        device: 'none',
      },
    },
    {
      ...common,
      name: `${name} by MDF`,
      adapter: 'mdf',
      config: watched(of('records'), '*.mf4'),
    },
    {
      ...common,
      name: `${name} by CSV`,
      adapter: 'files',
      config: { ...watched(of('reports'), '*.csv'), reading: 'growing' },
    },
  ]
}
