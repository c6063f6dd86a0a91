/** Weights with which every class counts the same, and a row 1 in the mean. Classes are whole numbers from 0. */
export function balancedWeights(classes: Float64Array): Float64Array {
  const rows = new Map<number, number>()
  for (const of of classes) rows.set(of, (rows.get(of) ?? 0) + 1)
  return classes.map((of) => classes.length / (rows.size * rows.get(of)!))
}
