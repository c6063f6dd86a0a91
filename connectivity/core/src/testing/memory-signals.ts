import type { SignalKind } from '@millwright/contracts'
import { newId, unitConversion } from '@millwright/foundation'
import type { MetricOwner, Resolution, ResolvedSignal, SignalDirectory } from '../ports.ts'

interface Known extends ResolvedSignal {
  readonly name: string
  readonly device: string
  readonly unit: string
}

/** A signal directory in memory: unknown metrics become signals, as the device's policy says. */
export class MemorySignals implements SignalDirectory {
  readonly signals: Known[] = []
  readonly #byName = new Map<string, Known>()
  readonly #known = new Map<string, Map<string, Resolution>>()
  /** How often a signal was asked for beyond `known`. */
  asked = 0
  /** For whom it was asked last. */
  lastOwner: MetricOwner | undefined
  /** Set to keep `resolve` waiting. */
  gate: Promise<void> | undefined

  known(device: string, metric: string): Resolution | undefined {
    return this.#known.get(device)?.get(metric)
  }

  find(owner: MetricOwner, metric: string): Resolution | undefined {
    const signal = this.named(owner.device, metric)
    return signal === undefined ? undefined : { signal }
  }

  async resolve(owner: MetricOwner, metric: string, kind: SignalKind, unit: string | undefined): Promise<Resolution> {
    this.asked++
    this.lastOwner = owner
    await this.gate
    let signal = this.named(owner.device, metric)
    if (signal === undefined) {
      if (owner.unknownMetrics === 'refuse') {
        return { refused: { code: 'MW-TEST-0001', reason: `${metric} is not announced` } }
      }
      signal = {
        key: this.signals.length + 1,
        id: newId('sig'),
        kind,
        scale: 1,
        offset: 0,
        name: metric,
        device: owner.device,
        unit: unit ?? '1',
      }
      this.signals.push(signal)
      this.#byName.set(`${owner.device} ${metric}`, signal)
    }
    if (!fits(signal.kind, kind)) return { refused: { code: 'MW-TEST-0003', reason: `${metric} is a ${signal.kind}` } }
    if (unit === undefined || unit === signal.unit) {
      if (unit === undefined) this.#keep(owner.device, metric, { signal })
      return { signal }
    }
    const conversion = unitConversion(unit, signal.unit)
    if (conversion === undefined) {
      return { refused: { code: 'MW-TEST-0002', reason: `${metric} is in ${signal.unit}, which ${unit} is not` } }
    }
    return { signal: { ...signal, ...conversion } }
  }

  forget(device: string): void {
    this.#known.delete(device)
  }

  named(device: string, metric: string): Known | undefined {
    return this.#byName.get(`${device} ${metric}`)
  }

  #keep(device: string, metric: string, resolution: Resolution): void {
    const metrics = this.#known.get(device) ?? new Map<string, Resolution>()
    this.#known.set(device, metrics.set(metric, resolution))
  }
}

/** As in the real directory: numbers and booleans stand in for each other. */
const fits = (kind: SignalKind, sent: SignalKind): boolean =>
  kind === sent || (kind === 'boolean' && sent === 'number') || (kind === 'number' && sent === 'boolean')
