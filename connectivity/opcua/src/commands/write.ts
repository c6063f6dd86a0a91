import type { WriteResponse } from 'node-opcua-client'
import { formatNodeRef } from '../address/target.ts'
import { opcuaErrors } from '../errors.ts'
import { ServiceFailure } from '../session/exchange.ts'
import type { Services } from '../session/services.ts'
import { hintOf } from '../session/words.ts'
import { toNodeId } from '../space/node-ids.ts'
import type { Point } from '../space/points.ts'
import { coerce } from '../values/coerce.ts'

const VALUE = 13

/** `write`: sets the value of a point. Throws MillwrightErrors in words for the user. */
export async function writePoint(services: Services, point: Point, value: unknown): Promise<unknown> {
  const { meaning, description, ref } = point
  const { metric } = meaning
  if (!description.writable) throw opcuaErrors.notWritable({ metric, path: '/params/metric' })
  let { builtIn } = description.dataType
  let { valueRank } = description
  if (builtIn === 0) {
    // The type is an abstract one (Number): the present value says which of its subtypes the server means.
    const [present] = await services.readValues([formatNodeRef(ref)])
    builtIn = present?.value?.dataType ?? 0
    if (valueRank < -1) valueRank = (present?.value?.arrayType ?? 0) === 0 ? -1 : 0
  }
  const coerced = coerce(value, { name: metric, builtIn, valueRank, states: description.states })
  const { library } = services
  const request = new library.WriteRequest({
    nodesToWrite: [{ nodeId: toNodeId(library, ref), attributeId: VALUE, value: { value: coerced } }],
  })
  const { results } = await services.exchange<WriteResponse>(request)
  const status = results?.[0]
  if (status === undefined) throw new ServiceFailure('Write', 'BadUnknownResponse')
  if (!status.isGoodish()) throw opcuaErrors.refusedByServer({ status: status.name, hint: hintOf(status.name) })
  return { status: status.name }
}
