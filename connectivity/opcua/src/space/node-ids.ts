import type { NodeId } from 'node-opcua-client'
import { formatNodeRef, type NodeRef } from '../address/target.ts'
import type { Library } from '../library.ts'

const KINDS = { 1: 'i', 2: 's', 3: 'g', 4: 'b' } as const
const TYPES = { i: 1, s: 2, g: 3, b: 4 } as const

/** A node id of the wire as ours; undefined for nodes of other servers. */
export function refOf(id: NodeId & { serverIndex?: number; namespaceUri?: string | null }): NodeRef | undefined {
  if ((id.serverIndex ?? 0) !== 0) return undefined
  const kind = KINDS[id.identifierType as 1 | 2 | 3 | 4]
  if (kind === undefined) return undefined
  const value: unknown = id.value
  const identifier = Buffer.isBuffer(value) ? value.toString('base64') : String(value)
  return { namespace: id.namespaceUri || id.namespace, kind, identifier }
}

/** Its text, which is also its key in maps; undefined for nodes of other servers. */
export function keyOf(id: NodeId): string | undefined {
  const ref = refOf(id)
  return ref === undefined ? undefined : formatNodeRef(ref)
}

/** For the wire; the namespace is an index already. */
export function toNodeId(library: Library, { namespace, kind, identifier }: NodeRef): NodeId {
  const value = kind === 'i' ? Number(identifier) : kind === 'b' ? Buffer.from(identifier, 'base64') : identifier
  return new library.NodeId(TYPES[kind], value, namespace as number)
}
