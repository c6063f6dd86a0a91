import type { DataValue, NodeId } from 'node-opcua-client'
import type { NodeRef } from '../address/target.ts'
import type { Services } from '../session/services.ts'
import { isNumeric } from '../values/types.ts'
import { ucumOf } from '../values/units.ts'
import { type DataTypeInfo, type DataTypes, statesOf } from './data-types.ts'
import { toNodeId } from './node-ids.ts'
import { CLASS, forward, type Met, metAll, REFERENCE } from './references.ts'

/** What is to be known of a variable to subscribe to it, to show it and to write it. */
export interface Description {
  readonly dataType: DataTypeInfo
  /** -1: scalar; 0 and more: array of so many dimensions (0: any); -2, -3: either. */
  readonly valueRank: number
  readonly readable: boolean
  readonly writable: boolean
  readonly history: boolean
  /** UCUM. */
  readonly unit: string | undefined
  readonly states: ReadonlyMap<number, string> | undefined
}

/** Bits of an access level (Part 3, 8.57). */
const ACCESS = { read: 1, write: 2, historyRead: 4 } as const
const ATTRIBUTE = { dataType: 14, valueRank: 15, userAccessLevel: 18 } as const
const ATTRIBUTES = Object.values(ATTRIBUTE)
const UNITS = 'EngineeringUnits'
const TELLING = new Set([UNITS, 'EnumStrings', 'EnumValues'])

/** A variable, and its properties where browsing has shown them already. */
export interface Asked {
  readonly ref: NodeRef
  readonly properties?: readonly Met[]
}

/** Describes variables; undefined: it is not there, or is no variable. */
export async function describe(
  services: Services,
  types: DataTypes,
  asked: readonly Asked[],
): Promise<(Description | undefined)[]> {
  const { library } = services
  const ids = asked.map(({ ref }) => toNodeId(library, ref))
  const attributes = await services.read(
    ids.flatMap((nodeId) => ATTRIBUTES.map((attributeId) => ({ nodeId, attributeId }))),
  )
  const properties = await propertiesOf(services, asked, ids)
  const descriptions: (Description | undefined)[] = []
  for (const [at, own] of properties.entries()) {
    const [dataType, rank, access] = attributes.slice(at * ATTRIBUTES.length, (at + 1) * ATTRIBUTES.length)
    const typeId: unknown = dataType?.value?.value
    if (dataType?.statusCode.isGoodish() !== true || !(typeId instanceof library.NodeId)) {
      descriptions.push(undefined)
      continue
    }
    const info = await types.of(typeId)
    const level = numberOf(access) ?? ACCESS.read
    const states = own.states ?? info.states
    descriptions.push({
      dataType: info,
      valueRank: numberOf(rank) ?? -1,
      readable: (level & ACCESS.read) !== 0,
      writable: (level & ACCESS.write) !== 0,
      history: (level & ACCESS.historyRead) !== 0,
      unit: states === undefined && (info.builtIn === 0 || isNumeric(info.builtIn)) ? own.unit : undefined,
      states,
    })
  }
  return descriptions
}

interface Told {
  readonly unit: string | undefined
  readonly states: ReadonlyMap<number, string> | undefined
}

async function propertiesOf(services: Services, asked: readonly Asked[], ids: readonly NodeId[]): Promise<Told[]> {
  const unknown = ids.filter((_, at) => asked[at]!.properties === undefined)
  const browsed = await services.browse(
    unknown.map((id) => forward(services.library, id, REFERENCE.hasProperty, CLASS.variable)),
  )
  let next = 0
  const telling = asked.map(({ properties }) =>
    (properties ?? metAll(browsed[next++])).filter(({ name }) => TELLING.has(name)),
  )
  const values = await services.readValues(telling.flat().map(({ key }) => key))
  let value = 0
  return telling.map((met) => {
    let unit: string | undefined
    let states: ReadonlyMap<number, string> | undefined
    for (const { name } of met) {
      const told: unknown = values[value++]?.value?.value
      if (name === UNITS) unit = unitOf(told)
      else states ??= statesOf(told)
    }
    return { unit, states }
  })
}

/** EUInformation as the library gives it. */
export function unitOf(told: unknown): string | undefined {
  if (typeof told !== 'object' || told === null) return undefined
  const { namespaceUri, unitId, displayName } = told as {
    namespaceUri?: unknown
    unitId?: unknown
    displayName?: { text?: unknown }
  }
  return ucumOf({
    namespaceUri: typeof namespaceUri === 'string' ? namespaceUri : '',
    unitId: typeof unitId === 'number' ? unitId : 0,
    symbol: typeof displayName?.text === 'string' ? displayName.text : '',
  })
}

function numberOf(value: DataValue | undefined): number | undefined {
  const number: unknown = value?.value?.value
  return value?.statusCode.isGoodish() === true && typeof number === 'number' ? number : undefined
}
