import type { BrowsePage } from '@millwright/contracts'
import { formatNodeRef, type NodeRef, parseNodeId, withIndex, withUri } from '../address/target.ts'
import { opcuaErrors } from '../errors.ts'
import type { Services } from '../session/services.ts'
import { toPlain } from '../values/plain.ts'
import { SHAPE, TYPE, TYPE_NAMES } from '../values/types.ts'
import { DataTypes } from './data-types.ts'
import { type Description, describe } from './describe.ts'
import { metricName } from './names.ts'
import { toNodeId } from './node-ids.ts'
import { CLASS, forward, idOf, type Met, metAll, REFERENCE } from './references.ts'

type BrowseItem = BrowsePage['items'][number]

/** A place in the tree: a node, and the names that led to it, which name the metrics below. */
export interface Place {
  readonly node: NodeRef
  readonly names: readonly string[]
}

const SHOWN = CLASS.object | CLASS.variable | CLASS.method | CLASS.view
const LONGEST_VALUE = 60

export const placeId = ({ node, names }: Place): string => JSON.stringify([formatNodeRef(node), ...names])

/** Reads an item's id back. @param services for namespaces, which may be numbered anew by now */
export function placeOf(id: string, services: Services): Place {
  let parts: unknown
  try {
    parts = JSON.parse(id)
  } catch {
    parts = [id]
  }
  if (!Array.isArray(parts) || parts.length > 64 || !parts.every((part) => typeof part === 'string')) {
    throw opcuaErrors.nodeId({ node: id })
  }
  const [node, ...names] = parts as string[]
  return { node: withIndex(parseNodeId(node ?? ''), services.namespaces), names }
}

/** One page of what is below a place, with values and types of variables as they are now. */
export async function browseBelow(
  services: Services,
  place: Place,
  cursor: string | undefined,
  limit: number,
): Promise<BrowsePage> {
  const skip = cursor === undefined ? 0 : Number(cursor)
  if (!Number.isSafeInteger(skip) || skip < 0) throw opcuaErrors.cursor({ path: '/cursor' })
  const { library } = services
  const description = forward(library, toNodeId(library, place.node), REFERENCE.hierarchical, SHOWN)
  const page = await services.browsePage(description, skip, limit)
  if (page === undefined) throw opcuaErrors.nodeMissing({ node: formatNodeRef(place.node) })
  const met = metAll(page.references)
  const variables = met.filter(({ nodeClass }) => nodeClass === CLASS.variable)
  const [children, described, values] = await Promise.all([
    services.hasAny(met.map((one) => forward(library, idOf(library, one), REFERENCE.hierarchical, SHOWN))),
    describe(services, new DataTypes(services), variables),
    services.readValues(variables.map(({ key }) => key)),
  ])
  const told = new Map(variables.map(({ key }, at) => [key, { description: described[at], value: values[at] }]))
  const items = met.map((one, at) => {
    const { description: what, value } = told.get(one.key) ?? {}
    const shown = value?.value === null || value?.value === undefined ? undefined : shownValue(value.value, what)
    return itemOf(services, place, one, children[at] === true, what, shown)
  })
  return { items, ...(page.more ? { next: String(skip + page.references.length) } : {}) }
}

function itemOf(
  services: Services,
  place: Place,
  met: Met,
  hasChildren: boolean,
  description: Description | undefined,
  value: string | undefined,
): BrowseItem {
  const node = withUri(met.ref, services.namespaces)
  const names = [...place.names, met.name]
  const item = { id: placeId({ node, names }), name: met.display, kind: kindOf(met), hasChildren }
  if (met.nodeClass !== CLASS.variable) {
    if (met.nodeClass === CLASS.method) return item
    return { ...item, pick: { path: '/rules', value: { folder: formatNodeRef(node) } } }
  }
  return {
    ...item,
    ...(description === undefined ? {} : about(description)),
    ...(value === undefined ? {} : { value }),
    pick: { path: '/nodes', value: { node: formatNodeRef(node), metric: metricName(names) } },
  }
}

function about({ dataType, valueRank, unit, writable }: Description) {
  const name = dataType.name || TYPE_NAMES[dataType.builtIn] || 'Variant'
  return { dataType: valueRank >= 0 ? `${name}[]` : name, writable, ...(unit === undefined ? {} : { unit }) }
}

function kindOf({ nodeClass, type }: Met): BrowseItem['kind'] {
  if (nodeClass === CLASS.variable) return 'variable'
  if (nodeClass === CLASS.method) return 'method'
  // FolderType
  return type === 'i=61' || nodeClass === CLASS.view ? 'folder' : 'object'
}

/** Short, as people read it. */
function shownValue(
  variant: { dataType: number; arrayType: number; value: unknown },
  what: Description | undefined,
): string | undefined {
  const { dataType, arrayType, value } = variant
  if (value === null || value === undefined || dataType === TYPE.null) return undefined
  if (arrayType !== SHAPE.scalar) return `${(value as ArrayLike<unknown>).length} values`
  let plain: unknown
  try {
    plain = toPlain(value, dataType, false)
  } catch {
    return '…'
  }
  const state = typeof plain === 'number' ? what?.states?.get(plain) : undefined
  const text =
    state ?? (typeof plain === 'object' ? JSON.stringify(plain) : typeof plain === 'string' ? plain : String(plain))
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text
}
