/** Dynamic time warping (Sakoe & Chiba 1978, symmetric steps of weight 1) with a band around the diagonal. */
export interface Warping {
  /** Root of the mean squared difference along the path. */
  readonly distance: number
  /** For each point of `a` the first and the last point of `b` that it is matched with. */
  readonly first: Int32Array
  readonly last: Int32Array
}

/**
 * @param band how far the curves may be shifted against each other, as a share of their length (0 to 1)
 * @returns the cheapest match of all of `a` with all of `b`
 */
export function warp(a: Float64Array, b: Float64Array, band: number): Warping {
  const [n, m] = [a.length, b.length]
  const reach = Math.max(1, Math.ceil(band * Math.max(n, m)))
  // Row by row; what lies outside of the band costs without end.
  const cost = new Float64Array(n * m).fill(Number.POSITIVE_INFINITY)
  const at = (i: number, j: number) => (i < 0 || j < 0 ? Number.POSITIVE_INFINITY : cost[i * m + j]!)
  const slope = n > 1 ? (m - 1) / (n - 1) : 0
  for (let i = 0; i < n; i++) {
    const middle = i * slope
    const from = i === 0 ? 0 : Math.max(0, Math.ceil(middle - reach))
    const to = i === n - 1 ? m - 1 : Math.min(m - 1, Math.floor(middle + reach))
    for (let j = from; j <= to; j++) {
      const before = i === 0 && j === 0 ? 0 : Math.min(at(i - 1, j - 1), at(i - 1, j), at(i, j - 1))
      cost[i * m + j] = before + (a[i]! - b[j]!) ** 2
    }
  }
  const first = new Int32Array(n)
  const last = new Int32Array(n)
  let [i, j, steps] = [n - 1, m - 1, 1]
  last[i] = j
  while (i > 0 || j > 0) {
    const [both, up, left] = [at(i - 1, j - 1), at(i - 1, j), at(i, j - 1)]
    if (left < both && left < up) j--
    else {
      first[i] = j
      i--
      if (both <= up) j--
      last[i] = j
    }
    steps++
  }
  first[0] = 0
  return { distance: Math.sqrt(cost[n * m - 1]! / steps), first, last }
}
