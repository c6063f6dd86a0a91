import { WIDE } from './format.ts'

/** Texts of a block, each once, by number. */
export class TextTable {
  readonly texts: string[] = []
  readonly #numbers = new Map<string, number>()

  number(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.texts.push(text) - 1
      this.#numbers.set(text, number)
    }
    return number
  }
}

/** What rows mostly share: their kind, unit and quality. */
export interface Tag {
  readonly kind: number
  readonly wide: number
  /** Number of the text, plus one; 0: none. */
  readonly unit: number
  readonly quality: number
}

export class TagTable {
  readonly tags: Tag[] = []
  /** The plain ones by kind: no wide value, no unit, Good. */
  readonly #plain: (number | undefined)[] = []
  readonly #numbers = new Map<string, number>()

  number(kind: number, wide: number, unit: number, quality: number): number {
    const plain = wide === WIDE.none && unit === 0 && quality === 0
    const known = plain ? this.#plain[kind] : this.#numbers.get(`${kind} ${wide} ${unit} ${quality}`)
    if (known !== undefined) return known
    const number = this.tags.push({ kind, wide, unit, quality }) - 1
    if (plain) this.#plain[kind] = number
    else this.#numbers.set(`${kind} ${wide} ${unit} ${quality}`, number)
    return number
  }
}
