import { MetricRows } from '@millwright/connectivity'

/** Copies the rows that `keep` says, as they are. */
export function copyRows(rows: MetricRows, keep: (row: number) => boolean): MetricRows {
  const copy = new MetricRows()
  for (let row = 0; row < rows.length; row++) {
    if (!keep(row)) continue
    const at = copy.length
    const wide = rows.wide[row]
    if (wide === undefined) copy.push(rows.name[row]!, rows.kind[row]!, rows.value[row]!, rows.quality[row]!)
    else {
      copy.pushWide(rows.name[row]!, rows.kind[row]!, wide)
      copy.value[at] = rows.value[row]!
      copy.quality[at] = rows.quality[row]!
    }
    copy.time[at] = rows.time[row]!
    const unit = rows.unit[row]
    if (unit !== undefined) copy.setUnit(at, unit)
  }
  return copy
}
