/** Operations that kinds bring along themselves. */
import { energyHandlers } from './energy/handlers.ts'
import { forecastHandlers } from './forecast/handlers.ts'
import { lifeHandlers } from './life/handlers.ts'
import type { KindOptions } from './options.ts'
import { qualityHandlers } from './quality/handlers.ts'
import { vibrationHandlers } from './vibration/handlers.ts'

/** Every kind's own handlers, in one table. */
export const kindHandlers = (options: KindOptions) => ({
  ...lifeHandlers(options),
  ...vibrationHandlers(options),
  ...energyHandlers(options),
  ...forecastHandlers(options),
  ...qualityHandlers(options),
})
