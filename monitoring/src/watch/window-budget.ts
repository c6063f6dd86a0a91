/**
 * One purse of memory for all windows. A window that may not grow merges neighbouring readings instead: many machines
 * with long windows blur a little at the window's old edge, and never exhaust the process.
 */
export class WindowBudget {
  readonly limit: number
  used = 0

  /** @param limit bytes */
  constructor(limit = 256 * 1024 * 1024) {
    this.limit = limit
  }

  /** Takes `bytes` when they are there, or in any case when the need is `small`. */
  take(bytes: number, small: boolean): boolean {
    if (!small && this.used + bytes > this.limit) return false
    this.used += bytes
    return true
  }

  give(bytes: number): void {
    this.used -= bytes
  }
}
