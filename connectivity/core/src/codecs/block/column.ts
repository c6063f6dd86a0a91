import type { WideValue } from '../../batch.ts'

/** The rows of one metric of one section, as they came. */
export class Column {
  count = 0
  time = new Float64Array(16)
  value = new Float64Array(16)
  tag = new Uint16Array(16)
  /** Of the rows whose tag says that they have one. */
  readonly wide: WideValue[] = []

  push(time: number, value: number, tag: number): void {
    const at = this.count
    if (at === this.time.length) this.#grow()
    this.time[at] = time
    this.value[at] = value
    this.tag[at] = tag
    this.count = at + 1
  }

  #grow(): void {
    const size = this.time.length * 2
    const { time, value, tag } = this
    this.time = new Float64Array(size)
    this.time.set(time)
    this.value = new Float64Array(size)
    this.value.set(value)
    this.tag = new Uint16Array(size)
    this.tag.set(tag)
  }
}
