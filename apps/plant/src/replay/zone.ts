import { type Zone, zoneOf } from '@millwright/foundation'

/** The time zone that a person named. Errors: throws a sentence when there is no such zone. */
export function zoneNamed(name: string): Zone {
  const zone = zoneOf(name)
  if (zone === undefined) throw new Error(`There is no time zone ${name}: give one as Europe/Berlin, +01:00 or UTC.`)
  return zone
}
