/**
 * Minimises a function of a few variables without its gradient (Nelder and Mead, "A Simplex Method for Function Minimization", The
 * Computer Journal 7, 1965; coefficients 1, 2, 1/2, 1/2).
 *
 * @param size of the first simplex in each variable
 * @returns the best point found after at most `evaluations`
 */
export function nelderMead(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  size: number,
  evaluations: number,
): readonly number[] {
  const n = start.length
  const corners = [start, ...start.map((_, i) => start.map((value, j) => (i === j ? value + size : value)))].map(
    (x) => ({
      x,
      y: f(x),
    }),
  )
  for (let used = n + 1; used < evaluations; ) {
    corners.sort((a, b) => a.y - b.y)
    const best = corners[0]!
    const worst = corners[n]!
    if (Math.abs(worst.y - best.y) <= 1e-10 * (Math.abs(best.y) + 1e-300)) break
    const centre = start.map((_, j) => corners.slice(0, n).reduce((sum, corner) => sum + corner.x[j]! / n, 0))
    const at = (factor: number) => {
      used++
      const x = centre.map((value, j) => value + factor * (worst.x[j]! - value))
      return { x, y: f(x) }
    }
    const reflected = at(-1)
    if (reflected.y < best.y) {
      const expanded = at(-2)
      corners[n] = expanded.y < reflected.y ? expanded : reflected
    } else if (reflected.y < corners[n - 1]!.y) corners[n] = reflected
    else {
      const contracted = at(reflected.y < worst.y ? -0.5 : 0.5)
      if (contracted.y < Math.min(reflected.y, worst.y)) corners[n] = contracted
      else {
        for (let i = 1; i <= n; i++) {
          const x = corners[i]!.x.map((value, j) => best.x[j]! + (value - best.x[j]!) / 2)
          corners[i] = { x, y: f(x) }
        }
        used += n
      }
    }
  }
  return corners.reduce((best, corner) => (corner.y < best.y ? corner : best)).x
}
