import { type BlockSection, type MetricRows, ROW } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'

/** The newest reading of a signal, for people. */
export interface LastValue {
  readonly connection: string
  readonly device: string
  readonly metric: string
  time: Micros
  kind: number
  value: number
  /** Of what is no number: as people read it, short. */
  text: string | undefined
  unit: string | undefined
  quality: number
}

/** As many are kept; further signals are only counted. */
const MOST = 5_000
const TEXT_CHARS = 120

/** The newest value of each signal, by connection, device and metric. */
export class LastValues {
  readonly #groups = new Map<string, Map<string, LastValue>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  take({ connection, device }: BlockSection, rows: MetricRows): void {
    const key = `${connection}\n${device}`
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = new Map()
      this.#groups.set(key, group)
    }
    for (let row = 0; row < rows.length; row++) {
      const metric = rows.name[row]!
      let last = group.get(metric)
      if (last === undefined) {
        if (this.#size >= MOST) continue
        this.#size++
        last = { connection, device, metric, time: 0, kind: 0, value: 0, text: undefined, unit: undefined, quality: 0 }
        group.set(metric, last)
      }
      if (rows.time[row]! < last.time) continue
      last.time = rows.time[row]!
      last.kind = rows.kind[row]!
      last.value = rows.value[row]!
      last.text = last.kind === ROW.number || last.kind === ROW.boolean ? undefined : textOf(rows, row)
      last.unit = rows.hasUnits ? rows.unit[row] : undefined
      last.quality = rows.quality[row]!
    }
  }

  /** Forgets the signals of connections that are not among these. */
  keep(connections: ReadonlySet<string>): void {
    for (const [key, group] of this.#groups) {
      const connection = key.slice(0, key.indexOf('\n'))
      if (connection === '' || connections.has(connection)) continue
      this.#size -= group.size
      this.#groups.delete(key)
    }
  }

  *all(): Generator<LastValue> {
    for (const group of this.#groups.values()) yield* group.values()
  }
}

function textOf(rows: MetricRows, row: number): string {
  const wide = rows.wide[row]
  if (wide === undefined) return 'no value'
  if (wide.kind === 'state') return wide.value.slice(0, TEXT_CHARS)
  if (wide.kind === 'position') return `${wide.latitude.toFixed(5)}, ${wide.longitude.toFixed(5)}`
  if (wide.kind === 'waveform') return `${wide.samples.length} samples at ${wide.sampleRate} Hz`
  return (JSON.stringify(wide.value) ?? '').slice(0, TEXT_CHARS)
}
