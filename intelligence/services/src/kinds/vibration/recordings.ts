import { isBad } from '@millwright/connectivity'
import type { SignalFacts } from '@millwright/data'
import type { Micros } from '@millwright/foundation'
import type { Waveform } from '@millwright/methods/vibration'
import { type Actor, authorizeSeen } from '@millwright/trust'
import type { KindOptions } from '../options.ts'
import { recordingErrors } from './errors.ts'
import { accelerationFactor, accelerationOf } from './machine.ts'

export interface Recording {
  readonly time: Micros
  readonly waveform: Waveform
}

/** Read at a time, so that Bad ones at the end do not hide the last good one. */
const PAGE = 5

/** Stored waveforms as accelerations in m/s². */
export class Recordings {
  readonly #options: KindOptions

  constructor(options: KindOptions) {
    this.#options = options
  }

  /** @throws MW-RECORDING-0001, -0002 and -0004 when there is no such acceleration, or the actor may not see it */
  signal(actor: Actor, id: string): SignalFacts {
    const facts = this.#options.plant.catalogue.byId(id)
    const unknown = () => recordingErrors.signalUnknown({ id, path: 'signal' })
    if (facts === undefined) throw unknown()
    authorizeSeen(actor, 'signal:read', 'signal:read', { tenant: facts.tenant, path: facts.path }, unknown)
    const { name, kind, unit } = facts
    if (kind !== 'waveform') throw recordingErrors.kind({ name, kind, path: 'signal' })
    if (accelerationFactor(unit) === undefined) throw recordingErrors.unit({ name, unit, path: 'signal' })
    return facts
  }

  /** The newest usable one at or before a time. @throws MW-RECORDING-0003 when there is none */
  async newest(facts: SignalFacts, at: Micros, signal: AbortSignal): Promise<Recording> {
    const [found] = await this.#usable(facts, { from: 0, to: at + 1 }, PAGE, signal)
    if (found === undefined) throw recordingErrors.none({ name: facts.name })
    return found
  }

  /** Up to `count`, the newest of as many equal parts of the span; parts without one are left out. */
  async spread(facts: SignalFacts, from: Micros, to: Micros, count: number, signal: AbortSignal): Promise<Recording[]> {
    const found: Recording[] = []
    const part = (to - from) / count
    for (let n = 0; n < count; n++) {
      const span = { from: Math.floor(from + n * part), to: Math.floor(from + (n + 1) * part) }
      found.push(...(await this.#usable(facts, span, 1, signal)))
    }
    return found
  }

  async #usable(
    facts: SignalFacts,
    span: { readonly from: Micros; readonly to: Micros },
    count: number,
    signal: AbortSignal,
  ): Promise<Recording[]> {
    const page = await this.#options.historian.waveforms(facts, span, count, { signal })
    const factor = accelerationFactor(facts.unit)!
    return page
      .filter(({ quality }) => !isBad(quality))
      .map(({ time, sampleRate, samples }) => ({ time, waveform: accelerationOf(samples, sampleRate, factor) }))
  }
}
