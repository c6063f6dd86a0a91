const KEY = 'millwright.visits'
const DAY = 86_400_000_000
/** A new look within this time is still the same visit. */
const SAME_VISIT = 30 * 60_000_000

interface Visits {
  readonly previous: number | undefined
  readonly latest: number
}

/** Notes that the overview is looked at, and says when the visit before this one ended. */
export function noteVisit(now: number, store: Pick<Storage, 'getItem' | 'setItem'>): { since: number; first: boolean } {
  const held = parse(store.getItem(KEY))
  const previous = held === undefined ? undefined : now - held.latest > SAME_VISIT ? held.latest : held.previous
  store.setItem(KEY, JSON.stringify({ previous, latest: now }))
  return previous === undefined ? { since: now - DAY, first: true } : { since: previous, first: false }
}

function parse(text: string | null): Visits | undefined {
  if (text === null) return undefined
  try {
    const { previous, latest } = JSON.parse(text) as Partial<Visits>
    return typeof latest === 'number'
      ? { previous: typeof previous === 'number' ? previous : undefined, latest }
      : undefined
  } catch {
    // Somebody else wrote there: it is a first visit again.
    return undefined
  }
}
