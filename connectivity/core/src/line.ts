/** Work that is done one after the other, in the order it came. Work handles its own errors. */
export class Line {
  readonly #work: (() => Promise<void>)[] = []
  #running: Promise<void> | undefined

  get length(): number {
    return this.#work.length
  }

  add(work: () => Promise<void>): void {
    this.#work.push(work)
    this.#running ??= this.#run()
  }

  /** Resolves when nothing is left. */
  async empty(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    for (let work = this.#work[0]; work !== undefined; work = this.#work[0]) {
      await work()
      this.#work.shift()
    }
    this.#running = undefined
  }
}
