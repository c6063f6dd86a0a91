/**
 * Means over steps of equal length, kept from a begin on in bounded memory: when there are too many, neighbours are merged and steps get twice
 * as long, so that a wear of a day and one of a year are both told by a few hundred points.
 */
export class ThinnedSteps {
  /** Hours of the middle of each, ascending, and its mean. */
  readonly hours: number[] = []
  readonly values: number[] = []
  private readonly most: number
  private merged = 1
  private sumHours = 0
  private sum = 0
  private count = 0

  constructor(most: number) {
    this.most = most
  }

  push(hours: number, value: number): void {
    this.sumHours += hours
    this.sum += value
    if (++this.count < this.merged) return
    this.hours.push(this.sumHours / this.count)
    this.values.push(this.sum / this.count)
    this.sumHours = this.sum = this.count = 0
    if (this.hours.length >= this.most) this.halve()
  }

  clear(): void {
    this.hours.length = this.values.length = 0
    this.merged = 1
    this.sumHours = this.sum = this.count = 0
  }

  private halve(): void {
    const kept = this.hours.length >> 1
    for (let at = 0; at < kept; at++) {
      this.hours[at] = (this.hours[2 * at]! + this.hours[2 * at + 1]!) / 2
      this.values[at] = (this.values[2 * at]! + this.values[2 * at + 1]!) / 2
    }
    this.hours.length = this.values.length = kept
    this.merged *= 2
  }
}
