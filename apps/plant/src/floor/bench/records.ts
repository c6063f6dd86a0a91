import { appendFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DropFolder } from './dropped.ts'
import { type Recording, writeRecording } from './mdf.ts'

/** What a test's record holds, as the readings name it. */
const RECORDED = [
  { name: 'speed', unit: 'rpm' },
  { name: 'torque', unit: 'N*m' },
  { name: 'current', unit: 'A' },
  { name: 'power', unit: 'kW' },
] as const
const CHANNELS = RECORDED.map(({ name, unit }) => ({ name: `test_${name}`, unit }))
const TESTING = new Set<unknown>(['run-up', 'no-load', 'load', 'run-down'])
/** A test of a bench that stands still does not grow for ever. */
const MOST_ROWS = 10_000

/** One MDF file for each motor's test. */
export class TestRecords {
  readonly #folder: DropFolder
  #rows: { time: number; values: number[] }[] = []

  constructor(folder: DropFolder) {
    this.#folder = folder
  }

  /** @param time µs since the epoch */
  async record(time: number, values: Readonly<Record<string, unknown>>): Promise<void> {
    const { motor_serial: serial, state } = values
    if (TESTING.has(state) && this.#rows.length < MOST_ROWS) {
      this.#rows.push({ time, values: RECORDED.map(({ name }) => Number(values[name] ?? Number.NaN)) })
    }
    if (typeof serial !== 'string' || this.#rows.length === 0) return
    const start = this.#rows[0]!.time
    const rows: Recording['rows'] = this.#rows.map((row) => ({ at: (row.time - start) / 1e6, values: row.values }))
    this.#rows = []
    await this.#folder.drop(`TB-1-${time}-${serial}.mf4`, writeRecording({ start, channels: CHANNELS, rows }))
  }
}

const HEADER = 'time;motor_serial;result;efficiency [%];no_load_current [A]\n'

/** The day's report: a CSV file that grows by a line for each motor. */
export class DailyReport {
  readonly #folder: DropFolder

  constructor(folder: DropFolder) {
    this.#folder = folder
  }

  /** @param time µs since the epoch */
  async record(time: number, values: Readonly<Record<string, unknown>>): Promise<void> {
    const { motor_serial: serial, result, efficiency, no_load_current: current } = values
    if (serial === undefined) return
    const stamp = new Date(time / 1000).toISOString()
    const file = join(this.#folder.path, `report-${stamp.slice(0, 10)}.csv`)
    const isNew = await stat(file).then(
      () => false,
      () => true,
    )
    await appendFile(file, `${isNew ? HEADER : ''}${[stamp, serial, result, efficiency, current].join(';')}\n`)
    if (isNew) await this.#folder.prune()
  }
}
