import { join } from 'node:path'
import type { TelemetryMessage } from '@millwright/sdk/device'
import type { Listening, Speaker, SpeakerOptions } from '../speaker.ts'
import { CanLog } from './can-bus.ts'
import { DropFolder } from './dropped.ts'
import { Instrument } from './instrument.ts'
import { DailyReport, TestRecords } from './records.ts'

/** Below the bench's folder, as the connections name them. */
export const BENCH_FOLDERS = { can: 'can', records: 'records', reports: 'reports' } as const

/**
 * The test bench as its computer shows it: a power analyser to ask by SCPI, and folders with the CAN bus' log, a
 * measurement file for each motor, and the day's report.
 */
export class BenchSpeaker implements Speaker {
  readonly #options: SpeakerOptions
  readonly #instrument = new Instrument()
  readonly #folders: Readonly<Record<keyof typeof BENCH_FOLDERS, DropFolder>>
  readonly #writers: readonly { record(time: number, values: TelemetryMessage['values']): Promise<void> }[]
  #written: Promise<void> = Promise.resolve()

  constructor(options: SpeakerOptions) {
    this.#options = options
    const folder = (name: keyof typeof BENCH_FOLDERS, keep: number) =>
      new DropFolder(join(options.directory, BENCH_FOLDERS[name]), keep)
    this.#folders = { can: folder('can', 60), records: folder('records', 40), reports: folder('reports', 8) }
    const { can, records, reports } = this.#folders
    this.#writers = [new CanLog(can), new TestRecords(records), new DailyReport(reports)]
  }

  async start(): Promise<Listening> {
    await Promise.all(Object.values(this.#folders).map((folder) => folder.open()))
    return { port: await this.#instrument.start(this.#options.port), folder: this.#options.directory }
  }

  show(_machine: string, messages: readonly TelemetryMessage[]): void {
    for (const { time, values } of messages) {
      this.#instrument.show(values)
      // One after the other; a disk that is full costs the files, not the instrument.
      this.#written = this.#written
        .then(async () => {
          for (const writer of this.#writers) await writer.record(Number(time), values)
        })
        .catch((error: unknown) => void process.stderr.write(`plant: the bench could not write: ${String(error)}\n`))
    }
  }

  async stop(): Promise<void> {
    this.#instrument.stop()
    await this.#written
  }
}
