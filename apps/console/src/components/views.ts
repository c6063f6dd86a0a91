/** What makes a view of a table: the filters as the address bar holds them, and the columns that are put away. */
export interface View {
  readonly name: string
  /** `?q=pump&priority=high`, or nothing. */
  readonly search: string
  readonly hidden: readonly string[]
}

const MOST = 30

/** The kept views; anything damaged is left out. */
export function parseViews(text: string | null): View[] {
  if (text === null) return []
  let kept: unknown
  try {
    kept = JSON.parse(text)
  } catch {
    // Somebody else wrote there: begin anew.
    return []
  }
  if (!Array.isArray(kept)) return []
  return kept.filter(isView).slice(0, MOST)
}

function isView(view: unknown): view is View {
  if (typeof view !== 'object' || view === null) return false
  const { name, search, hidden } = view as Partial<View>
  return typeof name === 'string' && typeof search === 'string' && /^(\?|$)/.test(search) && Array.isArray(hidden)
}

/** A view under a name that is taken replaces the one before. */
export const saveView = (views: readonly View[], view: View): View[] =>
  [...dropView(views, view.name), view].sort((a, b) => a.name.localeCompare(b.name)).slice(0, MOST)

export const dropView = (views: readonly View[], name: string): View[] => views.filter((view) => view.name !== name)
