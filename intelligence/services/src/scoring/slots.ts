import type { SignalKey } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Arrivals, Scorer, Scores } from '../kinds/kind.ts'
import { kindOf } from '../kinds/kinds.ts'
import { Collected } from './collected.ts'
import { AT_WORK, type FromScorer, type Rows, type SlotScores, type ToScorer, TURN } from './protocol.ts'

const NOTHING: Scores = { rows: [], episodes: [] }
/** A scorer is asked without readings this often, so that it notices silence. */
const IDLE: Micros = 1_000_000

interface Slot {
  readonly scorer: Scorer
  readonly collected: Collected
  live: boolean
  openEpisode: boolean
  askedAt: Micros
}

/** The services that the scoring thread holds. One that throws is out, with its reason; the others go on. */
export class Slots {
  readonly #mark: Int32Array
  readonly #slots = new Map<number, Slot>()
  /** Who reads a signal, and as which input. */
  readonly #readers = new Map<SignalKey, { readonly slot: number; readonly input: number }[]>()

  constructor(mark: Int32Array) {
    this.#mark = mark
  }

  async handle(message: ToScorer): Promise<FromScorer | undefined> {
    if (message.type === 'remove') {
      this.#remove(message.slot)
      return undefined
    }
    if (message.type === 'rows') return this.#score(message.rows)
    const { type, slot } = message
    try {
      const scores = await this.#marked(slot, () => this.#prepare(message))
      return { type, slot, scores, openEpisode: this.#slots.get(slot)?.openEpisode ?? false }
    } catch (error) {
      return this.#fault(slot, error)
    }
  }

  async #prepare(message: Extract<ToScorer, { type: 'set' | 'past' | 'live' }>): Promise<Scores> {
    if (message.type === 'set') {
      await this.#set(message)
      return NOTHING
    }
    const slot = this.#slots.get(message.slot)
    if (slot === undefined) return NOTHING
    if (message.type === 'past') {
      slot.collected.past(message.arrivals)
      return this.#take(slot, message.arrivals, message.silentUntil)
    }
    slot.live = true
    return this.#take(slot, slot.collected.take(slot.askedAt), message.silentUntil)
  }

  async #set({ slot, kind, settings, plan, keys, model }: Extract<ToScorer, { type: 'set' }>): Promise<void> {
    this.#remove(slot)
    const found = kindOf(kind)
    if (found === undefined) throw new Error(`There is no kind of service named ${kind}.`)
    const scorer = await (await found.work()).scorer(model, { settings, plan })
    const collected = new Collected(plan.inputs.length)
    this.#slots.set(slot, { scorer, collected, live: false, openEpisode: false, askedAt: 0 })
    for (const [input, key] of keys.entries()) {
      if (key !== null) this.#readers.set(key, [...(this.#readers.get(key) ?? []), { slot, input }])
    }
  }

  async #score(rows: Rows): Promise<FromScorer> {
    this.#deal(rows)
    const results: SlotScores[] = []
    const faults: { slot: number; reason: string }[] = []
    for (const [number, slot] of this.#slots) {
      if (!slot.live) continue
      if (slot.collected.empty && rows.now - slot.askedAt < IDLE) continue
      try {
        const scores = await this.#marked(number, () => this.#take(slot, slot.collected.take(rows.now), 0))
        if (scores.rows.length > 0 || scores.episodes.length > 0) results.push({ slot: number, ...scores })
      } catch (error) {
        faults.push(this.#fault(number, error))
      }
    }
    return { type: 'rows', results, faults }
  }

  /** Gives each service the rows of its inputs. */
  #deal({ length, key, time, value, wide, now }: Rows): void {
    for (let row = 0; row < length; row++) {
      for (const { slot, input } of this.#readers.get(key[row]!) ?? []) {
        this.#slots.get(slot)!.collected.push(input, time[row]!, value[row]!)
      }
    }
    for (const each of wide) {
      for (const { slot, input } of this.#readers.get(each.key) ?? []) {
        this.#slots.get(slot)!.collected.pushWide({ input, time: each.time, value: each.value })
      }
    }
    for (const slot of this.#slots.values()) if (!slot.live) slot.askedAt = now
  }

  async #take(slot: Slot, arrivals: Arrivals, silentUntil: Micros): Promise<Scores> {
    slot.askedAt = arrivals.now
    const { rows, episodes, commands = [] } = await slot.scorer.take(arrivals)
    for (const { to } of episodes) slot.openEpisode = to === null
    if (silentUntil === 0) return { rows, episodes, commands }
    return {
      rows: rows.filter(({ time }) => time > silentUntil),
      episodes: episodes.filter(({ to }) => to === null || to > silentUntil),
    }
  }

  async #marked<T>(slot: number, work: () => Promise<T>): Promise<T> {
    Atomics.add(this.#mark, TURN, 1)
    Atomics.store(this.#mark, AT_WORK, slot + 1)
    try {
      return await work()
    } finally {
      Atomics.store(this.#mark, AT_WORK, 0)
    }
  }

  #fault(slot: number, error: unknown): { type: 'fault'; slot: number; reason: string } {
    this.#remove(slot)
    return { type: 'fault', slot, reason: error instanceof Error ? error.message : String(error) }
  }

  #remove(slot: number): void {
    if (!this.#slots.delete(slot)) return
    for (const [key, readers] of this.#readers) {
      const left = readers.filter((reader) => reader.slot !== slot)
      if (left.length === 0) this.#readers.delete(key)
      else if (left.length < readers.length) this.#readers.set(key, left)
    }
  }
}
