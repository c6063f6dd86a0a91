/**
 * Solves (A + ridge·I) X = B for a symmetric positive semi-definite A, in place. Every inner loop runs along a row, which is what
 * makes 720 unknowns with 720 right-hand sides take half a second.
 *
 * @param a n × n, row-major; overwritten with the factor
 * @param b one right-hand side in each row, m × n; overwritten with the solutions
 * @param ridge added to the diagonal, >= 0
 * @returns false when A is not positive definite to working precision: a larger ridge helps
 */
export function solveRidge(a: Float64Array, n: number, ridge: number, b: Float64Array): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n
    a[row + i]! += ridge
    for (let j = 0; j <= i; j++) {
      const other = j * n
      let sum = a[row + j]!
      for (let k = 0; k < j; k++) sum -= a[row + k]! * a[other + k]!
      if (j < i) a[row + j] = sum / a[other + j]!
      else if (sum > 0) a[row + i] = Math.sqrt(sum)
      else return false
    }
  }
  // The factor's transpose above the diagonal, so that going backwards runs along rows too.
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = a[j * n + i]!
  for (let start = 0; start + n <= b.length; start += n) substitute(a, n, b, start)
  return true
}

function substitute(factor: Float64Array, n: number, b: Float64Array, start: number): void {
  for (let i = 0; i < n; i++) {
    const row = i * n
    let sum = b[start + i]!
    for (let k = 0; k < i; k++) sum -= factor[row + k]! * b[start + k]!
    b[start + i] = sum / factor[row + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n
    let sum = b[start + i]!
    for (let k = i + 1; k < n; k++) sum -= factor[row + k]! * b[start + k]!
    b[start + i] = sum / factor[row + i]!
  }
}
