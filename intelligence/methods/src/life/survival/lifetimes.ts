import { lifeErrors } from '../errors.ts'

/** Lifetimes of machines of one kind, in one unit of time (hours of operation, as a rule). */
export interface Lifetimes {
  readonly time: Float64Array
  /** 1: it failed then. 0: it was still in order (right-censored). */
  readonly failed: Uint8Array
}

/** @throws MW-LIFE-0006 */
export function checkLifetimes({ time, failed }: Lifetimes, leastFailures: number): void {
  if (time.length !== failed.length) throw lifeErrors.survival({ reason: 'times and failures differ in number' })
  if (!time.every((each) => each > 0 && Number.isFinite(each)))
    throw lifeErrors.survival({ reason: 'a lifetime is a number above 0' })
  const failures = failed.reduce((sum, each) => sum + each, 0)
  if (failures < leastFailures)
    throw lifeErrors.survival({
      reason: `${failures} of ${time.length} ended in a failure, and at least ${leastFailures} are needed`,
    })
}
