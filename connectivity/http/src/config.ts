import { type Micros, SECOND } from '@millwright/foundation'
import { type Static, Type } from 'typebox'

export const configSchema = Type.Object(
  {
    idleAfter: Type.Integer({
      minimum: SECOND,
      default: 120 * SECOND,
      description: 'µs without a request after which a device counts as offline',
    }),
    longestWait: Type.Integer({
      minimum: 0,
      maximum: 300 * SECOND,
      default: 60 * SECOND,
      description: 'µs that a request for commands may wait',
    }),
  },
  { additionalProperties: false },
)
export type HttpAdapterConfig = Static<typeof configSchema>

export const defaultConfig: HttpAdapterConfig = { idleAfter: 120 * SECOND, longestWait: 60 * SECOND }

/** How much longer a client that was told to slow down should wait, whole seconds. */
export const RETRY_AFTER: Micros = SECOND
