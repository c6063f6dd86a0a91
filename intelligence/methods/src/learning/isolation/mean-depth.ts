/** Steps that a search in a random binary tree of n keys takes in the mean when it fails (Liu 2008, eq. 1). */
export function meanDepth(n: number): number {
  if (n <= 1) return 0
  if (n === 2) return 1
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n
}
