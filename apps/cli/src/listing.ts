import type { Command } from 'commander'
import type { Cli } from './cli.ts'
import { whole } from './command.ts'
import type { Column } from './output/table.ts'
import { text } from './texts/text.ts'

const STANDARD_LIMIT = 100
const LARGEST_PAGE = 1000

export interface PageOptions {
  readonly limit?: number
  readonly all?: boolean
  readonly cursor?: string
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

export type FetchPage<T> = (page: { cursor?: string; limit: number }) => Promise<Page<T>>

/** Adds the options of every long list. */
export const pageOptions = (command: Command): Command =>
  command
    .option('--limit <rows>', text('options.limit', { standard: STANDARD_LIMIT }), whole(1, 10_000_000))
    .option('--all', text('options.all'))
    .option('--cursor <cursor>', text('options.cursor'))

/** Reads as many pages as asked for. `next` is there when there is more. */
export async function readPages<T>(fetch: FetchPage<T>, options: PageOptions): Promise<Page<T>> {
  const wanted = options.all === true ? Number.POSITIVE_INFINITY : (options.limit ?? STANDARD_LIMIT)
  const items: T[] = []
  let cursor = options.cursor
  do {
    const limit = Math.min(LARGEST_PAGE, wanted - items.length)
    const page = await fetch({ limit, ...(cursor === undefined ? {} : { cursor }) })
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined && items.length < wanted)
  return cursor === undefined ? { items } : { items, next: cursor }
}

/** Everything of a list. */
export const readAll = async <T>(fetch: FetchPage<T>): Promise<readonly T[]> =>
  (await readPages(fetch, { all: true })).items

/** Shows a page as a table, or as the API's answer; says when there is more, and what to do when there is nothing. */
export function showPage<T>(cli: Cli, page: Page<T>, columns: readonly Column<T>[], empty: string): void {
  const { out } = cli
  if (out.json) out.value(page)
  else if (page.items.length === 0) out.note(empty)
  else out.table(columns, page.items)
  if (!out.json && page.next !== undefined) out.note(text('list.more', { n: page.items.length }))
}
