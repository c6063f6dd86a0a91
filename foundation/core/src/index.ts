export type { Bus, PlatformEvent, Subscription } from './bus.ts'
export { type Config, type ConfigSources, configHelp, loadConfig } from './config/load.ts'
export { type CursorPart, decodeCursor, encodeCursor } from './cursor.ts'
export { type ErrorDetails, type ErrorKind, errorCatalogue, MillwrightError } from './errors.ts'
export { type IdPrefix, idPattern, newId } from './ids.ts'
export { Lifecycle, type LifecycleOptions, lifecycleErrors } from './lifecycle/lifecycle.ts'
export { createBus } from './local-bus.ts'
export { createLog, type Log, type LogOptions } from './log.ts'
export {
  type Clock,
  DAY,
  formatTime,
  HOUR,
  MILLISECOND,
  MINUTE,
  type Micros,
  parseTime,
  SECOND,
  systemClock,
  type Timer,
} from './time.ts'
export { localTime, type Zone, zoneOf } from './time-zone.ts'
export type { Unit } from './units/parse.ts'
export { unitSymbol } from './units/symbol.ts'
export { convertUnit, isUnit, parseUnit, type UnitConversion, unitConversion, unitErrors } from './units/units.ts'
