/** Time as the client needs it; the platform's own clocks fit, and tests give a virtual one. */
export interface DeviceClock {
  /** Integer microseconds since the Unix epoch. */
  now(): number
  /** Calls `work` once after `delay` µs; keeps the process alive until then: a device that waits to reconnect is at work. */
  after(delay: number, work: () => void): { cancel(): void }
}

const LONGEST_TIMEOUT = 2_000_000_000

export const wallClock: DeviceClock = {
  now: () => Date.now() * 1000,
  after(delay, work) {
    // setTimeout counts milliseconds in 32 bits: a certificate's months are waited for in steps.
    let left = Math.max(0, Math.ceil(delay / 1000))
    let handle: NodeJS.Timeout
    const step = () => {
      const wait = Math.min(left, LONGEST_TIMEOUT)
      left -= wait
      handle = setTimeout(left > 0 ? step : work, wait)
    }
    step()
    return { cancel: () => clearTimeout(handle) }
  },
}
