/**
 * Weights that sum to 1, none negative, with the least mean squared error of the weighted forecast (Bates and Granger, "The Combination of
 * Forecasts", Operational Research Quarterly 20, 1969). Members that are clearly worse than the best are left out first, and the others are
 * drawn towards equal weights, the more the fewer horizons the validation held: errors of overlapping forecasts hang together.
 *
 * @param products Σ e(i)·e(j) over the errors of each pair of members, k × k, row-major
 * @param horizons how many horizons, one after the other, the validation held
 */
export function combinationWeights(products: Float64Array, k: number, horizons: number): Float64Array {
  const own = Float64Array.from({ length: k }, (_, i) => products[i * k + i]!)
  const least = Math.min(...own)
  const stays = own.map((error) => (error <= WORSE * least ? 1 : 0))
  const staying = stays.reduce((sum, one) => sum + one, 0)
  const q = products.slice()
  for (let i = 0; i < k; i++) q[i * k + i]! += (DRAW / horizons) * least
  const weights = stays.map((one) => one / staying)
  // Weight moves between two members at a time, as far as it helps: exact in each move, and k is small.
  for (let sweep = 0; sweep < 500; sweep++) {
    let moved = 0
    for (let i = 0; i < k; i++)
      for (let j = 0; j < i; j++) {
        if (stays[i] === 0 || stays[j] === 0) continue
        let slope = 0
        for (let m = 0; m < k; m++) slope += (q[i * k + m]! - q[j * k + m]!) * weights[m]!
        const curve = q[i * k + i]! + q[j * k + j]! - 2 * q[i * k + j]!
        if (!(curve > 0)) continue
        const by = Math.min(weights[j]!, Math.max(-weights[i]!, -slope / curve))
        weights[i]! += by
        weights[j]! -= by
        moved += Math.abs(by)
      }
    if (moved < 1e-9) break
  }
  return weights
}

/** Squared error above the best member's by which a member is left out: 15 % in its root. */
const WORSE = 1.15 ** 2
const DRAW = 1
