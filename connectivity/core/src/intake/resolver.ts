import type { SignalKind } from '@millwright/contracts'
import type { Clock } from '@millwright/foundation'
import { isName } from '../codecs/names.ts'
import { kindOf, type MetricRows } from '../codecs/rows.ts'
import { connectivityErrors } from '../errors.ts'
import type { Limits } from '../limits/limits.ts'
import type { MetricOwner, Resolution, SignalDirectory } from '../ports.ts'
import type { DeviceState } from './device-state.ts'

/** A metric as a message sends it. */
interface UnknownMetric {
  readonly name: string
  /** undefined: it has no value. */
  readonly kind: SignalKind | undefined
  readonly unit: string | undefined
  /** A number that was sent as text. */
  readonly text: boolean
}

/** How many metrics of one message are asked for at once: new ones are made together. */
const TOGETHER = 500
/** Stands for the unit of a reading without a value, which needs no conversion. */
const NO_UNIT = ''

/** From the names in decoded rows to signals. */
export class MetricResolver {
  readonly #signals: SignalDirectory
  readonly #clock: Clock
  readonly #limits: Limits
  /** Of the rows last given to `known`, by row. */
  readonly resolutions: Resolution[] = []

  constructor(options: { signals: SignalDirectory; clock: Clock; limits: Limits }) {
    this.#signals = options.signals
    this.#clock = options.clock
    this.#limits = options.limits
  }

  /** Fills `resolutions` from memory; false when a metric is not known. On the hot path. */
  known(state: DeviceState, { device }: { device: string }, rows: MetricRows): boolean {
    for (let row = 0; row < rows.length; row++) {
      const found = this.#find(state, device, rows, row)
      if (found === undefined) return false
      this.resolutions[row] = found
    }
    return true
  }

  /** The metrics that `known` does not know, each once. */
  unknown(state: DeviceState, { device }: { device: string }, rows: MetricRows): UnknownMetric[] {
    const unknown = new Map<string, UnknownMetric>()
    for (let row = 0; row < rows.length; row++) {
      if (this.#find(state, device, rows, row) !== undefined) continue
      const name = rows.name[row]!
      const kind = kindOf(rows.kind[row]!)
      const unit = rows.hasUnits ? rows.unit[row] : undefined
      unknown.set(`${kind}\n${unit}\n${name}`, {
        name,
        kind,
        unit,
        text: kind === 'number' && rows.wide[row] !== undefined,
      })
    }
    return [...unknown.values()]
  }

  /** Asks the directory, which may create signals. Rejects when it cannot answer: the message is then not acknowledged. */
  async ask(state: DeviceState, owner: MetricOwner, metrics: readonly UnknownMetric[]): Promise<void> {
    for (let from = 0; from < metrics.length; from += TOGETHER) {
      await Promise.all(metrics.slice(from, from + TOGETHER).map((metric) => this.#ask(state, owner, metric)))
    }
  }

  #find(state: DeviceState, device: string, rows: MetricRows, row: number): Resolution | undefined {
    const name = rows.name[row]!
    const kind = kindOf(rows.kind[row]!)
    const unit = rows.hasUnits && kind !== undefined ? rows.unit[row] : undefined
    const found = unit === undefined ? this.#signals.known(device, name) : state.withUnit(name, unit)
    if (found !== undefined) return found
    if (kind === undefined) {
      const held = state.withUnit(name, NO_UNIT)
      if (held !== undefined) return held
    }
    return state.refused(name, kind, unit, this.#clock)
  }

  async #ask(state: DeviceState, owner: MetricOwner, metric: UnknownMetric): Promise<void> {
    const { name, kind, unit } = metric
    const resolution = await this.#answer(state, owner, metric)
    if (kind === undefined)
      state.keep(name, kind, 'signal' in resolution ? NO_UNIT : undefined, resolution, this.#clock.now())
    else state.keep(name, kind, unit, resolution, this.#clock.now())
  }

  async #answer(
    state: DeviceState,
    owner: MetricOwner,
    { name, kind, unit, text }: UnknownMetric,
  ): Promise<Resolution> {
    if (kind === undefined) {
      return this.#signals.find?.(owner, name) ?? refused(connectivityErrors.noValueYet({ path: name }))
    }
    if (!isName(name)) return refused(connectivityErrors.invalidName({ path: name }))
    const limit = owner.connection ? this.#limits.metricsPerConnection : this.#limits.metricsPerDevice
    const fresh = !state.names.has(name)
    if (fresh && state.names.size >= limit) {
      return refused(connectivityErrors.metricLimit({ path: name, limit }))
    }
    // Counted before it is created: many at once must not slip past the limit together.
    state.names.add(name)
    const asked = await this.#signals.resolve(owner, name, kind, unit)
    const resolution = 'refused' in asked && text ? await this.#signals.resolve(owner, name, 'state', unit) : asked
    if (fresh && 'refused' in resolution) state.names.delete(name)
    return resolution
  }
}

const refused = (error: { code: string; message: string }): Resolution => ({
  refused: { code: error.code, reason: error.message },
})
