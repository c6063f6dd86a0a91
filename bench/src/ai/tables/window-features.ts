import type { Table } from '@millwright/methods/learning'

/** Mean, standard deviation, range, and roughness (mean step from reading to reading) of each column in windows of `length` rows, one after the other. */
export function windowFeatures(table: Table, length: number): { names: string[]; rows: number[][] } {
  const count = table.columns[0]!.length
  const rows: number[][] = []
  for (let from = 0; from + length <= count; from += length)
    rows.push(table.columns.flatMap((column) => features(column.subarray(from, from + length))))
  const names = table.names.flatMap((name) => ['mean', 'deviation', 'range', 'roughness'].map((of) => `${name} ${of}`))
  return { names, rows }
}

function features(values: Float64Array): number[] {
  let [sum, squares, low, high, steps] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  values.forEach((value, at) => {
    sum += value
    low = Math.min(low, value)
    high = Math.max(high, value)
    if (at > 0) steps += Math.abs(value - values[at - 1]!)
  })
  const mean = sum / values.length
  for (const value of values) squares += (value - mean) ** 2
  return [mean, Math.sqrt(squares / values.length), high - low, steps / (values.length - 1)]
}
