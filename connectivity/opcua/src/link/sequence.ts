/** Sequence numbers run from 1 to 4,294,967,295 and then from 1 again (Part 4, 7.26). */
const LAST = 4_294_967_295
/** Further ahead than this is no gap but another count. */
const FURTHEST = 10_000

export const following = (number: number): number => (number >= LAST ? 1 : number + 1)

export type Arrival =
  | { readonly kind: 'next' }
  /** Came already. */
  | { readonly kind: 'again' }
  /** These did not come. */
  | { readonly kind: 'gap'; readonly missing: readonly number[] }
  /** The server counts from somewhere else. */
  | { readonly kind: 'restart' }

/** Follows the sequence numbers of one subscription. */
export class Sequence {
  #expected: number | undefined

  /** The next number; undefined: any. */
  get expected(): number | undefined {
    return this.#expected
  }

  /** A message with notifications came. */
  arrived(number: number): Arrival {
    const arrival = this.#judge(number)
    if (arrival.kind !== 'again') this.#expected = isNumber(number) ? following(number) : undefined
    return arrival
  }

  /** A keep-alive came: it carries the number that the next message will have. */
  kept(next: number): Arrival {
    const arrival = this.#judge(next)
    if (arrival.kind === 'gap' || arrival.kind === 'restart' || this.#expected === undefined) {
      this.#expected = isNumber(next) ? next : undefined
    }
    return arrival
  }

  #judge(number: number): Arrival {
    if (!isNumber(number)) return { kind: 'restart' }
    if (this.#expected === undefined || number === this.#expected) return { kind: 'next' }
    const ahead = distance(this.#expected, number)
    if (ahead <= FURTHEST) {
      const missing: number[] = []
      for (let at = this.#expected; at !== number; at = following(at)) missing.push(at)
      return { kind: 'gap', missing }
    }
    return distance(number, this.#expected) <= FURTHEST ? { kind: 'again' } : { kind: 'restart' }
  }
}

const isNumber = (number: number): boolean => Number.isInteger(number) && number >= 1 && number <= LAST

/** Steps from one number to another, going up. */
const distance = (from: number, to: number): number => (to >= from ? to - from : LAST - from + to)
