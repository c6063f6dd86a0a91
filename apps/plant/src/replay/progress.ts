import type { PlayResult } from './player.ts'

const WIDTH = 28
const BAR_EVERY = 100
const LINE_EVERY = 5_000

/** A bar on a terminal; elsewhere a line now and then. Written to standard error. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #size: number
  readonly #began = performance.now()
  #shown = 0
  #wrote = false

  constructor(stream: NodeJS.WriteStream, size: number) {
    this.#stream = stream
    this.#size = size
  }

  show(result: PlayResult, bytes: number): void {
    const now = performance.now()
    if (now - this.#shown < (this.#stream.isTTY ? BAR_EVERY : LINE_EVERY)) return
    // The first line of a log is worth waiting for.
    if (!this.#stream.isTTY && this.#shown === 0) {
      this.#shown = now
      return
    }
    this.#shown = now
    this.#write(result, bytes)
  }

  end(result: PlayResult, bytes: number): void {
    if (this.#stream.isTTY) {
      this.#write(result, bytes)
      this.#stream.write('\n')
    } else if (this.#wrote) this.#write(result, bytes)
  }

  #write(result: PlayResult, bytes: number): void {
    this.#wrote = true
    const part = this.#size === 0 ? 1 : Math.min(1, bytes / this.#size)
    const rate = result.acknowledged / Math.max(0.001, (performance.now() - this.#began) / 1000)
    const full = Math.round(part * WIDTH)
    const text = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(part * 100)).padStart(3)} %  ${result.acknowledged} of ${result.rows} rows stored  ${Math.round(rate)}/s`
    this.#stream.write(this.#stream.isTTY ? `\r${text}\u001b[K` : `${text}\n`)
  }
}
