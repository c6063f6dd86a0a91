import type { TelemetryFormat } from '../intake/model.ts'
import { millwrightJson } from './millwright/decode.ts'
import type { Decode } from './rows.ts'
import { senmlCbor } from './senml/cbor.ts'
import { senmlJson } from './senml/json.ts'
import { thingsboardTelemetry } from './thingsboard/decode.ts'

/** A decoder for each format, with tables of their own. */
export const createDecoders = (): Readonly<Record<TelemetryFormat, Decode>> => ({
  'millwright+json': millwrightJson(),
  'senml+json': senmlJson(),
  'senml+cbor': senmlCbor(),
  'thingsboard+json': thingsboardTelemetry(),
})
