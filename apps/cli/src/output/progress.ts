import { clearLine, cursorTo } from 'node:readline'

/** A line on standard error that follows long work; silent where nobody watches. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #shown: boolean
  #told = 0

  constructor(stream: NodeJS.WriteStream, quiet: boolean) {
    this.#stream = stream
    this.#shown = stream.isTTY === true && !quiet
  }

  /** Shows the text now, or not, when the last one is younger than a tenth of a second. */
  at(text: () => string): void {
    if (!this.#shown || performance.now() - this.#told < 100) return
    this.#told = performance.now()
    this.#replace(text())
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown && this.#told !== 0) this.#replace('')
  }

  #replace(text: string): void {
    cursorTo(this.#stream, 0)
    clearLine(this.#stream, 0)
    this.#stream.write(text.slice(0, (this.#stream.columns || 80) - 1))
  }
}
