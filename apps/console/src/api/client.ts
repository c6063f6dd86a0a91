import { createClient } from '@millwright/sdk'

let csrf: string | undefined

/** The API as the signed-in person; changing requests carry the session's CSRF token. */
export const api = createClient({ csrf: () => csrf })

export const rememberCsrf = (token: string | undefined): void => {
  csrf = token
}

interface PageOf<T> {
  items: T[]
  next?: string
}

/** Every page of a list, up to a bound; `complete` says whether that was all of it. */
export async function allPages<T>(
  page: (cursor: string | undefined) => Promise<PageOf<T>>,
  most = 20_000,
): Promise<{ items: T[]; complete: boolean }> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const answer = await page(cursor)
    items.push(...answer.items)
    cursor = answer.next
  } while (cursor !== undefined && items.length < most)
  return { items, complete: cursor === undefined }
}

/** Leaves out what is not set, as the API's strict schemas and exact optional types want it. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== '')) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** In the order of their names, P-9 before P-10. */
export const byName = <T extends { readonly name: string }>(items: T[]): T[] =>
  items.sort((a, b) => collator.compare(a.name, b.name))
