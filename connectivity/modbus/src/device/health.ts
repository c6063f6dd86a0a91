import type { StatusPort } from '@millwright/connectivity'
import { type Clock, MILLISECOND, type Timer } from '@millwright/foundation'

/** How many are named in a sentence before the rest is only counted. */
const NAMED = 3

/**
 * What all devices together say of the connection: it runs, some do not answer, or none does. Said a moment after a
 * change, so that a thousand devices that come up make one sentence.
 */
export class Health {
  readonly #status: StatusPort
  readonly #clock: Clock
  readonly #total: number
  readonly #answering = new Set<string>()
  readonly #away = new Map<string, string>()
  readonly #complaints = new Map<string, string>()
  #timer: Timer | undefined
  #said = ''

  constructor(status: StatusPort, clock: Clock, total: number) {
    this.#status = status
    this.#clock = clock
    this.#total = total
  }

  answers(device: string): void {
    if (this.#answering.has(device)) return
    this.#answering.add(device)
    this.#away.delete(device)
    this.#soon()
  }

  away(device: string, reason: string): void {
    if (this.#away.get(device) === reason) return
    this.#answering.delete(device)
    this.#away.set(device, reason)
    this.#soon()
  }

  /** It answers, but not everything: a register it does not have. undefined: no complaint any more. */
  complaint(device: string, what: string | undefined): void {
    if (this.#complaints.get(device) === what) return
    if (what === undefined) this.#complaints.delete(device)
    else this.#complaints.set(device, what)
    this.#soon()
  }

  get online(): number {
    return this.#answering.size
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #soon(): void {
    this.#timer ??= this.#clock.after(50 * MILLISECOND, () => {
      this.#timer = undefined
      this.#say()
    })
  }

  #say(): void {
    const problems = [...this.#away.values(), ...this.#complaints.values()]
    if (problems.length === 0 && this.#answering.size === 0) return
    const all = this.#away.size === this.#total
    const sentence = problems.length === 0 ? '' : this.#sentence(problems, all)
    if (this.#said === `${all}${sentence}`) return
    this.#said = `${all}${sentence}`
    if (sentence === '') this.#status.running()
    else if (all) this.#status.waiting(sentence)
    else this.#status.degraded(sentence)
  }

  #sentence(problems: readonly string[], all: boolean): string {
    const different = [...new Set(problems)]
    const shown = different.slice(0, NAMED).join(' ')
    const more = different.length > NAMED ? ` And ${different.length - NAMED} more.` : ''
    const away = this.#away.size
    if (away === 0 || this.#total === 1) return `${shown}${more}`
    return `${all ? `None of ${this.#total} devices answers` : `${away} of ${this.#total} devices do not answer`}: ${shown}${more}`
  }
}
