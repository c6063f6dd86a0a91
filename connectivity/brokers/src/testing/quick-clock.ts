import { type Clock, systemClock } from '@millwright/foundation'

/** The machine's clock with waits a quarter as long: reconnections and listening times, where sockets are real. */
export const quickClock: Clock = { ...systemClock, after: (delay, work) => systemClock.after(delay / 4, work) }
