import type { QueueFile, Unsettled } from './file.ts'
import type { Parcel } from './model.ts'
import { groups, packGroup } from './packer.ts'
import type { QueueStore } from './store.ts'

/**
 * Which of what has gathered goes next. Oldest first: blocks in the order of their sequence. Newest first: the same
 * blocks from the end. In each block the rows of a signal stand in the order they were accepted.
 */
export class Backlog {
  readonly #store: QueueStore
  /** A journal that is being packed: what it holds comes back as a segment in a moment. */
  readonly #packing: () => Promise<void> | undefined
  #taking: Promise<unknown> = Promise.resolve()

  constructor(store: QueueStore, packing: () => Promise<void> | undefined) {
    this.#store = store
    this.#packing = packing
  }

  /** The next parcel, marked as on its way; undefined when all that is there is. */
  take(): Promise<Parcel | undefined> {
    // One after the other: what one has chosen the next must not.
    const next = this.#taking.then(() => this.#take())
    this.#taking = next.catch(() => undefined)
    return next
  }

  async #take(): Promise<Parcel | undefined> {
    for (;;) {
      // When one journal is packed the next may follow at once.
      for (let packing = this.#packing(); packing !== undefined; packing = this.#packing()) await packing
      const group = this.#next()
      if (group === undefined) return undefined
      for (const entry of group) entry.file.takeOff(entry)
      let parcel: Parcel | undefined
      try {
        parcel = await group[0]!.file.whileBusy(() => packGroup(this.#store, group))
      } catch (error) {
        for (const entry of group) entry.file.land(entry)
        throw error
      }
      const taken = new Set(parcel?.entries)
      for (const entry of group) if (!taken.has(entry)) entry.file.land(entry)
      if (parcel !== undefined) return parcel
      // All of it was damaged.
      await this.#store.removeIfDone(group[0]!.file)
    }
  }

  #next(): Unsettled[] | undefined {
    const newestFirst = this.#store.policy.backlog === 'newest-first'
    const files = newestFirst ? this.#store.files.toReversed() : this.#store.files
    for (const file of files) {
      const waiting = file.unsettled.filter(({ flying }) => !flying)
      if (waiting.length === 0) continue
      return chosen(file, waiting, newestFirst)
    }
    return undefined
  }
}

function chosen(file: QueueFile, waiting: Unsettled[], newestFirst: boolean): Unsettled[] {
  // Blocks of segments are packed already.
  if (file.kind === 'segment') return [newestFirst ? waiting.at(-1)! : waiting[0]!]
  const made = groups(waiting)
  return newestFirst ? made.at(-1)! : made[0]!
}
