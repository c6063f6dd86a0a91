import { type Clock, SECOND } from '@millwright/foundation'

/** What stopping may take at most is five seconds: storage that does not answer must not hold it. */
const PATIENCE = 3 * SECOND

/** Resolves when the work is done, or after three seconds. */
export async function settled(clock: Clock, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = clock.after(PATIENCE, late.resolve)
  await Promise.race([Promise.allSettled([work]), late.promise])
  timer.cancel()
}
