/** Operations that kinds bring along themselves. */
import { lifeHandlers } from './life/handlers.ts'
import type { KindOptions } from './options.ts'

/** Every kind's own handlers, in one table. */
export const kindHandlers = (options: KindOptions) => ({ ...lifeHandlers(options) })
