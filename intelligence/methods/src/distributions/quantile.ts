/** Where a probability that rises with x reaches `wanted`, for x from 0 up; by halving, to 13 digits. */
export function quantile(probability: (x: number) => number, wanted: number): number {
  let low = 0
  let high = 1
  while (probability(high) < wanted && high < 1e12) high *= 2
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2
    if (probability(middle) < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}
