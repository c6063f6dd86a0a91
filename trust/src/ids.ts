import { type IdPrefix, type Micros, newId } from '@millwright/foundation'

/** A new id that sorts by platform time, which counts in microseconds; ids count in whole milliseconds. */
export const idAt = (prefix: IdPrefix, now: Micros): string => newId(prefix, Math.floor(now / 1000))
