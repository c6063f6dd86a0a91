import type { SignalKind } from '@millwright/contracts'
import type { Clock, Micros } from '@millwright/foundation'
import { TokenBucket } from '../limits/bucket.ts'
import type { Limits } from '../limits/limits.ts'
import { Line } from '../line.ts'
import type { Resolution } from '../ports.ts'

/** How long a refused metric is refused without asking again. */
const REFUSED_FOR: Micros = 10_000_000

/** How often rows are shown in the message list. */
const NOTE_EVERY: Micros = 1_000_000

/** What intake keeps of a device while the process lives. */
export class DeviceState {
  readonly messages: TokenBucket
  readonly points: TokenBucket
  readonly line = new Line()
  /** Names met, so that a device cannot make up new ones for ever. */
  readonly names = new Set<string>()
  /** Resolutions the directory keeps for no one: of metrics sent with a unit. By name; the unit last sent. */
  readonly #withUnit = new Map<string, { unit: string; resolution: Resolution }>()
  readonly #refused = new Map<string, { until: Micros; resolution: Resolution }>()

  #generation = 0
  #notedAt = 0

  constructor(limits: Limits, now: Micros) {
    this.messages = new TokenBucket(limits.messageRate, limits.messageRate * 2, now)
    this.points = new TokenBucket(limits.pointRate, limits.pointRate * 2, now)
  }

  withUnit(metric: string, unit: string): Resolution | undefined {
    const held = this.#withUnit.get(metric)
    return held !== undefined && held.unit === unit ? held.resolution : undefined
  }

  refused(
    metric: string,
    kind: SignalKind | undefined,
    unit: string | undefined,
    clock: Clock,
  ): Resolution | undefined {
    if (this.#refused.size === 0) return undefined
    const held = this.#refused.get(refusalKey(metric, kind, unit))
    return held !== undefined && held.until > clock.now() ? held.resolution : undefined
  }

  keep(
    metric: string,
    kind: SignalKind | undefined,
    unit: string | undefined,
    resolution: Resolution,
    now: Micros,
  ): void {
    if ('refused' in resolution) {
      if (this.#refused.size >= 1_000) this.#refused.clear()
      this.#refused.set(refusalKey(metric, kind, unit), { until: now + REFUSED_FOR, resolution })
    } else if (unit !== undefined) this.#withUnit.set(metric, { unit, resolution })
  }

  /** True at most once a second. */
  mayNote(now: Micros): boolean {
    if (Math.abs(now - this.#notedAt) < NOTE_EVERY) return false
    this.#notedAt = now
    return true
  }

  /** Forgets resolutions of an older generation. */
  since(generation: number): void {
    if (generation === this.#generation) return
    this.#generation = generation
    this.forget()
  }

  /** The device or its signals changed: ask again. */
  forget(): void {
    this.#withUnit.clear()
    this.#refused.clear()
  }
}

const refusalKey = (metric: string, kind: SignalKind | undefined, unit: string | undefined) =>
  `${kind ?? ''}\n${unit ?? ''}\n${metric}`
