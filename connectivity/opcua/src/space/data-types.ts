import type { NodeId } from 'node-opcua-client'
import type { Services } from '../session/services.ts'
import { TYPE } from '../values/types.ts'
import { keyOf } from './node-ids.ts'
import { CLASS, forward, idOf, metAll, REFERENCE } from './references.ts'

/** What a data type comes down to. */
export interface DataTypeInfo {
  readonly name: string
  /** The built-in type its values are written as; 0: any number or anything (abstract types). */
  readonly builtIn: number
  /** Names of an enumeration's values. */
  readonly states: ReadonlyMap<number, string> | undefined
}

const ENUMERATION = 29
const DEFINITION = 23
const DISPLAY_NAME = 4
const INVERSE = 1
const MOST_STATES = 10_000
const MOST_REMEMBERED = 20_000

/** Data types of one server, asked once each. */
export class DataTypes {
  readonly #services: Services
  readonly #known = new Map<string, Promise<DataTypeInfo>>()

  constructor(services: Services) {
    this.#services = services
  }

  of(type: NodeId): Promise<DataTypeInfo> {
    const key = keyOf(type) ?? ''
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear()
    const asked = this.#ask(type)
    this.#known.set(key, asked)
    return asked
  }

  async #ask(type: NodeId): Promise<DataTypeInfo> {
    const { library } = this.#services
    const [display] = await this.#services.read([{ nodeId: type, attributeId: DISPLAY_NAME }])
    const name = String((display?.value?.value as { text?: unknown } | null)?.text ?? keyOf(type) ?? '')
    let at = type
    for (let depth = 0; depth < 32; depth++) {
      if (at.namespace === 0 && typeof at.value === 'number') {
        if (at.value === ENUMERATION) return { name, builtIn: TYPE.int32, states: await this.#states(type) }
        if (at.value <= TYPE.diagnosticInfo) return { name, builtIn: at.value === 24 ? 0 : at.value, states: undefined }
      }
      const [above] = await this.#services.browse([forward(library, at, REFERENCE.hasSubtype, CLASS.dataType, INVERSE)])
      const [parent] = metAll(above)
      if (parent === undefined) break
      at = idOf(library, parent)
    }
    return { name, builtIn: 0, states: undefined }
  }

  async #states(type: NodeId): Promise<ReadonlyMap<number, string> | undefined> {
    const services = this.#services
    const [properties] = await services.browse([forward(services.library, type, REFERENCE.hasProperty, CLASS.variable)])
    const named = metAll(properties).filter(({ name }) => name === 'EnumStrings' || name === 'EnumValues')
    const values = await services.readValues(named.map(({ key }) => key))
    for (const value of values) {
      const states = statesOf(value.value?.value)
      if (states !== undefined) return states
    }
    const [definition] = await services.read([{ nodeId: type, attributeId: DEFINITION }])
    return statesOf((definition?.value?.value as { fields?: unknown } | null)?.fields)
  }
}

/**
 * Names of states out of EnumStrings (texts, from 0), EnumValues (value and display name) or an EnumDefinition's fields.
 * @returns undefined when it is none of them
 */
export function statesOf(list: unknown): ReadonlyMap<number, string> | undefined {
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_STATES) return undefined
  const states = new Map<number, string>()
  for (const [at, entry] of list.entries()) {
    if (typeof entry !== 'object' || entry === null) return undefined
    const { text, displayName, name, value } = entry as {
      text?: unknown
      displayName?: { text?: unknown }
      name?: unknown
      value?: unknown
    }
    const number = value === undefined ? at : lowHalf(value)
    const label = text ?? displayName?.text ?? name
    if (typeof label === 'string' && label !== '') states.set(number, label.slice(0, 200))
  }
  return states.size === 0 ? undefined : states
}

/** Int64 comes as two halves; states are small numbers. */
function lowHalf(value: unknown): number {
  if (Array.isArray(value)) return Number(value[1]) | 0
  return Number(value)
}
