import type { Kind, ProvisionRecord } from './record.ts'

/** Makes what is missing, once: what people removed or renamed stays so. Counts what was made now. */
export class Ensure {
  made = 0
  readonly #record: ProvisionRecord
  readonly #fresh = new Set<string>()

  constructor(record: ProvisionRecord) {
    this.#record = record
  }

  /** @returns the id; of something that people may have removed since, unless it is `fresh` */
  async id(kind: Kind, key: string, how: { found: string | undefined; make(): Promise<string> }): Promise<string> {
    const known = this.#record.id(kind, key)
    if (known !== undefined) return known
    const id = how.found ?? (await how.make())
    if (how.found === undefined) {
      this.made += 1
      this.#fresh.add(id)
    }
    await this.#record.keep(kind, key, id)
    return id
  }

  /** Made by this very run. */
  fresh(id: string): boolean {
    return this.#fresh.has(id)
  }
}

/** All pages of a list. */
export async function all<T>(
  page: (cursor: { cursor?: string }) => Promise<{ items: T[]; next?: string }>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: { cursor?: string } = {}
  for (;;) {
    const reply = await page(cursor)
    items.push(...reply.items)
    if (reply.next === undefined) return items
    cursor = { cursor: reply.next }
  }
}
