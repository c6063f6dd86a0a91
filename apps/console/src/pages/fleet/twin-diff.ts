type Document = Readonly<Record<string, unknown>>

export interface TwinRow {
  /** `thresholds.temperature`. */
  readonly path: string
  readonly desired: unknown
  readonly reported: unknown
  /** Wanted, and not so. What is only reported differs from nothing. */
  readonly differs: boolean
}

const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Both sides of a twin leaf by leaf, in the order of their paths. */
export function twinRows(desired: Document, reported: Document): TwinRow[] {
  const rows: TwinRow[] = []
  const walk = (wanted: unknown, is: unknown, path: string) => {
    if (
      (isObject(wanted) || wanted === undefined) &&
      (isObject(is) || is === undefined) &&
      (isObject(wanted) || isObject(is))
    ) {
      const keys = new Set([...Object.keys(wanted ?? {}), ...Object.keys(is ?? {})])
      if (keys.size > 0 || path === '') {
        for (const key of [...keys].sort())
          walk(
            (wanted as Document | undefined)?.[key],
            (is as Document | undefined)?.[key],
            path === '' ? key : `${path}.${key}`,
          )
        return
      }
    }
    rows.push({ path, desired: wanted, reported: is, differs: wanted !== undefined && !same(wanted, is) })
  }
  walk(desired, reported, '')
  return rows
}

/** The order of an object's keys means nothing. */
export function same(a: unknown, b: unknown): boolean {
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, index) => same(value, b[index]))
  return a === b
}

/** JSON Merge Patch (RFC 7396). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const out: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key]
    else out[key] = mergePatch(out[key], value)
  }
  return out
}
