import { localTime, type Micros } from '@millwright/foundation'
import { fileErrors } from '../errors.ts'

/** Local time of a zone -> UTC; NaN for what no calendar is good for. */
export type ToUtc = (local: Micros) => Micros

/** For a time zone of a configuration. @throws MW-FILES-0005 when there is no such zone */
export function zonedTime(zone: string): ToUtc {
  const toUtc = localTime(zone)
  if (toUtc === undefined) throw fileErrors.zone({ zone, path: '/time/zone' })
  return toUtc
}
