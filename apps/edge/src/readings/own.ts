import { type BlockSection, MetricRows, ROW, type WideValue } from '@millwright/connectivity'
import type { Log, Micros } from '@millwright/foundation'
import type { ReadingsHub } from './hub.ts'

const SECTION: BlockSection = { connection: '', device: '', source: 'agent' }

/** A value of the agent's own device: a number with its unit (UCUM), a yes or no, a word, or a document. */
export type OwnValue =
  | { readonly number: number; readonly unit: string }
  | boolean
  | string
  | { readonly document: unknown }

/** The agent's own signals: its health, its alarms, what was lost. They travel like all others. */
export class OwnSignals {
  readonly #hub: ReadingsHub
  readonly #log: Log

  constructor(hub: ReadingsHub, log: Log) {
    this.#hub = hub
    this.#log = log
  }

  /** Resolves when they are durable; what cannot be is logged, and lost. */
  async write(values: Readonly<Record<string, OwnValue | undefined>>, time: Micros = 0): Promise<void> {
    const rows = new MetricRows()
    for (const [name, value] of Object.entries(values)) if (value !== undefined) add(rows, name, value)
    rows.setTime(0, time)
    try {
      await this.#hub.accept(SECTION, rows)
    } catch (error) {
      this.#log.warn({ err: error }, 'readings of the agent itself were not taken')
    }
  }
}

function add(rows: MetricRows, name: string, value: OwnValue): void {
  if (typeof value === 'boolean') rows.push(name, ROW.boolean, value ? 1 : 0, 0)
  else if (typeof value === 'string') rows.pushWide(name, ROW.state, { kind: 'state', value })
  else if ('document' in value) {
    const document: WideValue = { kind: 'document', value: value.document }
    rows.pushWide(name, ROW.document, document)
  } else {
    rows.push(name, ROW.number, value.number, 0)
    rows.setUnit(rows.length - 1, value.unit)
  }
}
