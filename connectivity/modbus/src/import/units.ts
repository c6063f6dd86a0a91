import { MillwrightError, parseUnit } from '@millwright/foundation'
import type { Register } from '../config.ts'

/** Units of a file as UCUM codes; what was taken for another and what was left out, for the notes. */
export class ImportedUnits {
  readonly #taken = new Map<string, string>()
  readonly #leftOut = new Set<string>()

  /** The register with the unit's code, or without a unit when it is none. */
  coded(register: Register): Register {
    const { unit, ...rest } = register
    if (unit === undefined) return register
    const code = this.#code(unit)
    return code === undefined ? rest : { ...rest, unit: code }
  }

  get notes(): string[] {
    const notes: string[] = []
    if (this.#taken.size > 0) {
      notes.push(`Units written as UCUM codes: ${[...this.#taken].map(([from, to]) => `${from} = ${to}`).join(', ')}.`)
    }
    if (this.#leftOut.size > 0)
      notes.push(`Units that are not known and were left out: ${[...this.#leftOut].join(', ')}.`)
    return notes
  }

  #code(unit: string): string | undefined {
    try {
      parseUnit(unit)
      return unit
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      const { hint } = error.details
      if (typeof hint === 'string') {
        this.#taken.set(unit, hint)
        return hint
      }
      this.#leftOut.add(unit.slice(0, 40))
      return undefined
    }
  }
}
