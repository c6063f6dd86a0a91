/** Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019) for one array of weights. */
export class Adam {
  private readonly first: Float64Array
  private readonly second: Float64Array
  private step = 0

  constructor(size: number) {
    this.first = new Float64Array(size)
    this.second = new Float64Array(size)
  }

  update(weights: Float64Array, gradient: Float64Array, rate: number, decay: number): void {
    this.step++
    const [b1, b2] = [0.9, 0.999]
    const [c1, c2] = [1 - b1 ** this.step, 1 - b2 ** this.step]
    for (let at = 0; at < weights.length; at++) {
      const g = gradient[at]!
      const m = b1 * this.first[at]! + (1 - b1) * g
      const v = b2 * this.second[at]! + (1 - b2) * g * g
      this.first[at] = m
      this.second[at] = v
      weights[at]! -= rate * (m / c1 / (Math.sqrt(v / c2) + 1e-8) + decay * weights[at]!)
    }
  }
}
