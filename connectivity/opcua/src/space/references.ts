import type { BrowseDescriptionOptions, NodeId, ReferenceDescription } from 'node-opcua-client'
import type { NodeRef } from '../address/target.ts'
import type { Library } from '../library.ts'
import { keyOf, refOf, toNodeId } from './node-ids.ts'

/** Reference types of namespace 0 (Part 3, 7). */
export const REFERENCE = { hierarchical: 33, hasSubtype: 45, hasProperty: 46 } as const
/** Bits of the node class mask (Part 4, 5.9.2). */
export const CLASS = {
  object: 1,
  variable: 2,
  method: 4,
  objectType: 8,
  variableType: 16,
  dataType: 64,
  view: 128,
} as const
const ALL_FIELDS = 63

/** A node met by browsing. */
export interface Met {
  readonly key: string
  readonly ref: NodeRef
  readonly name: string
  readonly display: string
  /** NodeClass of Part 3, annex A. */
  readonly nodeClass: number
  readonly property: boolean
  readonly type: string | undefined
}

export function forward(
  library: Library,
  node: NodeId,
  reference: number,
  nodeClassMask: number,
  browseDirection = 0,
): BrowseDescriptionOptions {
  return {
    nodeId: node,
    browseDirection,
    referenceTypeId: new library.NodeId(1, reference, 0),
    includeSubtypes: true,
    nodeClassMask,
    resultMask: ALL_FIELDS,
  }
}

/** What a reference leads to; undefined for nodes of other servers and for nameless ones. */
export function metBy(reference: ReferenceDescription): Met | undefined {
  const ref = refOf(reference.nodeId)
  const name = reference.browseName?.name
  if (ref === undefined || typeof ref.namespace === 'string' || !name) return undefined
  const key = keyOf(reference.nodeId)!
  const type = reference.typeDefinition === null ? undefined : keyOf(reference.typeDefinition)
  const { namespace, value } = reference.referenceTypeId
  return {
    key,
    ref,
    name: name.slice(0, 512),
    display: (reference.displayName?.text || name).slice(0, 512),
    nodeClass: reference.nodeClass,
    property: namespace === 0 && value === REFERENCE.hasProperty,
    type: type === 'i=0' ? undefined : type,
  }
}

/** Distinct nodes that references lead to. */
export function metAll(references: readonly ReferenceDescription[] | undefined): Met[] {
  const met = new Map<string, Met>()
  for (const reference of references ?? []) {
    const one = metBy(reference)
    if (one !== undefined && !met.has(one.key)) met.set(one.key, one)
  }
  return [...met.values()]
}

export const idOf = (library: Library, { ref }: Met): NodeId => toNodeId(library, ref)
