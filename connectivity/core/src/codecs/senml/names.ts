import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'

/** RFC 8428, 4.5.1. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/
const KEPT = 20_000

/** Base name + name, checked and kept: devices send the same ones again and again. */
export class FullNames {
  readonly #byBase = new Map<string, Map<string, string>>()
  #count = 0

  /** @throws MW-CONN-0025 when the two together are not a name of SenML */
  of(base: string, name: string, index: number): string {
    return this.#byBase.get(base)?.get(name) ?? this.#make(base, name, index)
  }

  #make(base: string, name: string, index: number): string {
    const full = base + name
    if (full.length > BOUNDS.nameChars || !NAME.test(full)) {
      throw connectivityErrors.invalidSenmlName({ path: `/${index}/n` })
    }
    if (this.#count >= KEPT) {
      this.#byBase.clear()
      this.#count = 0
    }
    const names = this.#byBase.get(base) ?? new Map<string, string>()
    this.#byBase.set(base, names.set(name, full))
    this.#count++
    return full
  }
}
