import type { ConnectionPreview } from '../../api/types.ts'

/** A metric as it was seen in a preview: its newest reading, and how many there were. */
export interface PreviewRow {
  readonly newest: ConnectionPreview['readings'][0]
  readonly count: number
}

/** One row per metric and device, in the order in which they were first met. */
export function previewRows(readings: ConnectionPreview['readings']): PreviewRow[] {
  const rows = new Map<string, PreviewRow>()
  for (const reading of readings) {
    const key = `${reading.device ?? ''}\u0000${reading.metric}`
    const held = rows.get(key)
    rows.set(key, {
      newest: held === undefined || reading.time >= held.newest.time ? reading : held.newest,
      count: (held?.count ?? 0) + 1,
    })
  }
  return [...rows.values()]
}
