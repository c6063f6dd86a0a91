import type { CallResponse, NodeId } from 'node-opcua-client'
import { type NodeRef, parsePath } from '../address/target.ts'
import { opcuaErrors } from '../errors.ts'
import { ServiceFailure } from '../session/exchange.ts'
import type { Services } from '../session/services.ts'
import { hintOf } from '../session/words.ts'
import { DataTypes } from '../space/data-types.ts'
import { toNodeId } from '../space/node-ids.ts'
import { CLASS, forward, idOf, metAll, REFERENCE } from '../space/references.ts'
import { followPath, resolveTarget } from '../space/resolve.ts'
import { coerce } from '../values/coerce.ts'
import { toPlain } from '../values/plain.ts'
import { SHAPE } from '../values/types.ts'

export interface CallParams {
  /** Node id or browse path. */
  readonly object: string
  /** Node id, or browse name below the object. */
  readonly method: string
  readonly args: readonly unknown[]
}

interface Argument {
  readonly name: string
  readonly dataType: NodeId
  readonly valueRank: number
}

/** `call`: calls a method. @returns its output arguments by name */
export async function callMethod(services: Services, { object, method, args }: CallParams): Promise<unknown> {
  const { library } = services
  const owner = await resolveTarget(services, object)
  const methodRef = await methodOf(services, owner, method)
  const [inputs, outputs] = await signatureOf(services, methodRef)
  if (inputs.length !== args.length) {
    throw opcuaErrors.argumentCount({ method, expected: inputs.length, given: args.length, path: '/params/args' })
  }
  const types = new DataTypes(services)
  const inputArguments: unknown[] = []
  for (const [at, { name, dataType, valueRank }] of inputs.entries()) {
    const { builtIn, states } = await types.of(dataType)
    inputArguments.push(coerce(args[at], { name, builtIn, valueRank, states }))
  }
  const request = new library.CallRequest({
    methodsToCall: [
      {
        objectId: toNodeId(library, owner),
        methodId: toNodeId(library, methodRef),
        inputArguments: inputArguments as { dataType: number }[],
      },
    ],
  })
  const { results } = await services.exchange<CallResponse>(request)
  const result = results?.[0]
  if (result === undefined) throw new ServiceFailure('Call', 'BadUnknownResponse')
  if (!result.statusCode.isGoodish()) {
    const status = result.statusCode.name
    throw opcuaErrors.refusedByServer({ status, hint: hintOf(status) })
  }
  const given = (result.outputArguments ?? []).slice(0, 100).map((variant, at) => {
    const name = outputs[at]?.name || `output${at + 1}`
    return [name, toPlain(variant.value, variant.dataType, variant.arrayType !== SHAPE.scalar)] as const
  })
  return { status: result.statusCode.name, outputs: Object.fromEntries(given) }
}

async function methodOf(services: Services, owner: NodeRef, method: string): Promise<NodeRef> {
  if (/^(?:ns=|nsu=|[isgb]=)/.test(method)) return resolveTarget(services, method)
  return followPath(services, owner, parsePath(`/${method.replace(/^\//, '')}`, '/params/method'), method)
}

/** The method's InputArguments and OutputArguments; none: it takes or gives nothing. */
async function signatureOf(services: Services, method: NodeRef): Promise<[Argument[], Argument[]]> {
  const { library } = services
  const id = toNodeId(library, method)
  const [properties] = await services.browse([forward(library, id, REFERENCE.hasProperty, CLASS.variable)])
  const met = metAll(properties)
  const lists: Argument[][] = []
  for (const wanted of ['InputArguments', 'OutputArguments']) {
    const property = met.find(({ name }) => name === wanted)
    if (property === undefined) {
      lists.push([])
      continue
    }
    const [value] = await services.read([{ nodeId: idOf(library, property), attributeId: 13 }])
    lists.push(argumentsIn(library.NodeId, value?.value?.value))
  }
  return [lists[0]!, lists[1]!]
}

function argumentsIn(Id: typeof NodeId, list: unknown): Argument[] {
  if (!Array.isArray(list)) return []
  return list.slice(0, 100).flatMap((entry: unknown) => {
    const { name, dataType, valueRank } = (entry ?? {}) as { name?: unknown; dataType?: unknown; valueRank?: unknown }
    if (!(dataType instanceof Id)) return []
    return [{ name: String(name ?? ''), dataType, valueRank: typeof valueRank === 'number' ? valueRank : -1 }]
  })
}
