import type { SignalKey } from '@millwright/connectivity'
import type { Engine } from '../historian/engine.ts'
import type { HistorianSignals } from '../historian/ports.ts'
import { classNumber, RETENTION_NUMBERS } from '../historian/retention-classes.ts'
import { TsvWriter } from './tsv.ts'

/**
 * With which retention class each signal is written, and how often that has changed. A change is durable before the
 * first reading of the new class is: the generation decides which of two partitions holds the newer point.
 */
export class StorageClasses {
  readonly #signals: HistorianSignals
  readonly #engine: Engine
  #classes = new Uint8Array(1024)
  #generations = new Uint8Array(1024)

  constructor(signals: HistorianSignals, engine: Engine) {
    this.#signals = signals
    this.#engine = engine
  }

  async load(): Promise<void> {
    const [keys, classes, generations] = await this.#engine.columns<[number[], number[], number[]]>(
      'select signal, class, generation from signal_classes final',
      {},
      { rows: 50_000_000, seconds: 60 },
    )
    for (const [i, key] of keys.entries()) this.#set(key, classes[i]!, generations[i]!)
  }

  classOf(key: SignalKey): number {
    return this.#classes[key] ?? 0
  }

  generationOf(key: SignalKey): number {
    return this.#generations[key] ?? 0
  }

  /** Makes sure that these signals' classes are known, and durably written down where they are new or have changed. */
  async settle(keys: Iterable<SignalKey>): Promise<void> {
    const changed = new Map<SignalKey, { class: number; generation: number }>()
    for (const key of keys) {
      if (!this.#differs(key)) continue
      const next = this.#wanted(key)
      const known = this.classOf(key)
      changed.set(key, { class: next, generation: known === 0 ? 0 : Math.min(255, this.generationOf(key) + 1) })
    }
    if (changed.size === 0) return
    const out = new TsvWriter(changed.size * 16)
    for (const [key, { class: no, generation }] of changed)
      out.uint(key).tab().uint(no).tab().uint(generation).newline()
    await this.#engine.insert('signal_classes', ['signal', 'class', 'generation'], out.written())
    for (const [key, { class: no, generation }] of changed) this.#set(key, no, generation)
  }

  #differs(key: SignalKey): boolean {
    return this.classOf(key) !== this.#wanted(key)
  }

  #wanted(key: SignalKey): number {
    const facts = this.#signals.byKey(key)
    // A signal that was removed while its readings were on the way keeps the class it had.
    if (facts === undefined) return this.classOf(key) || RETENTION_NUMBERS.standard
    return classNumber(facts.retention)
  }

  #set(key: SignalKey, no: number, generation: number): void {
    if (key >= this.#classes.length) {
      let size = this.#classes.length
      while (size <= key) size *= 2
      const classes = new Uint8Array(size)
      classes.set(this.#classes)
      this.#classes = classes
      const generations = new Uint8Array(size)
      generations.set(this.#generations)
      this.#generations = generations
    }
    this.#classes[key] = no
    this.#generations[key] = generation
  }
}
