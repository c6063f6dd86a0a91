/** One at a time, in the order of asking. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work)
    // Whoever asked hears of a failure; the next in line goes on.
    this.#last = mine.catch(() => undefined)
    return mine
  }
}
