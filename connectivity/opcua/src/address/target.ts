import { opcuaErrors } from '../errors.ts'

/**
 * A node id as text (Part 6, 5.3.1.10), by namespace index (`ns=2;s=Speed`) or by namespace URI (`nsu=urn:maker;i=5`),
 * which stays right when a server numbers its namespaces anew. `none`: namespace 0.
 */
export interface NodeRef {
  readonly namespace: number | string
  readonly kind: 'i' | 's' | 'g' | 'b'
  /** As it stands behind `i=`, `s=`, `g=` or `b=`. */
  readonly identifier: string
}

/** A step of a browse path; an absent namespace matches any. */
export interface PathStep {
  readonly namespace: number | undefined
  readonly name: string
}

export type Target =
  | { readonly kind: 'node'; readonly node: NodeRef }
  | { readonly kind: 'path'; readonly steps: readonly PathStep[] }

const MAX_NAMESPACE = 65_535
const UINT32 = 4_294_967_295
const GUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Parses a node id. @param path of the value, for the error */
export function parseNodeId(text: string, path?: string): NodeRef {
  const wrong = () => opcuaErrors.nodeId({ node: text, ...(path === undefined ? {} : { path }) })
  let rest = text.trim()
  let namespace: number | string = 0
  const numbered = /^ns=(\d{1,5});/.exec(rest)
  if (numbered !== null) {
    namespace = Number(numbered[1])
    if (namespace > MAX_NAMESPACE) throw wrong()
    rest = rest.slice(numbered[0].length)
  } else if (rest.startsWith('nsu=')) {
    // A URI may hold semicolons, written %3B; the first plain one ends it (Part 6, 5.1.12).
    const end = rest.indexOf(';')
    if (end < 5) throw wrong()
    namespace = rest.slice(4, end).replaceAll('%3B', ';').replaceAll('%25', '%')
    rest = rest.slice(end + 1)
  }
  const kind = rest[0] as NodeRef['kind']
  if (rest[1] !== '=' || !'isgb'.includes(kind)) throw wrong()
  const identifier = rest.slice(2)
  if (identifier === '' || identifier.length > 4096 || !isIdentifier(kind, identifier)) throw wrong()
  return { namespace, kind, identifier: kind === 'i' ? String(Number(identifier)) : identifier }
}

function isIdentifier(kind: NodeRef['kind'], text: string): boolean {
  if (kind === 'i') return /^\d{1,10}$/.test(text) && Number(text) <= UINT32
  if (kind === 'g') return GUID.test(text)
  if (kind === 'b') return BASE64.test(text)
  return true
}

export function formatNodeRef({ namespace, kind, identifier }: NodeRef): string {
  if (namespace === 0) return `${kind}=${identifier}`
  if (typeof namespace === 'number') return `ns=${namespace};${kind}=${identifier}`
  return `nsu=${namespace.replaceAll('%', '%25').replaceAll(';', '%3B')};${kind}=${identifier}`
}

/** The same node with the server's own namespace index. Throws when the server does not have the namespace. */
export function withIndex(node: NodeRef, namespaces: readonly string[]): NodeRef {
  if (typeof node.namespace === 'number') return node
  const index = namespaces.indexOf(node.namespace)
  if (index < 0) throw opcuaErrors.namespace({ namespace: node.namespace, node: formatNodeRef(node) })
  return { ...node, namespace: index }
}

/** The same node by namespace URI where the server says it, so that it outlives renumbering. */
export function withUri(node: NodeRef, namespaces: readonly string[]): NodeRef {
  if (typeof node.namespace === 'string' || node.namespace === 0) return node
  const uri = namespaces[node.namespace]
  return uri === undefined || uri === '' ? node : { ...node, namespace: uri }
}

/** A node id, or a browse path when it starts with a slash. */
export function parseTarget(text: string, path?: string): Target {
  const trimmed = text.trim()
  if (trimmed.startsWith('/')) return { kind: 'path', steps: parsePath(trimmed, path) }
  return { kind: 'node', node: parseNodeId(trimmed, path) }
}

/**
 * Parses a browse path below the root: `/Objects/2:Machine/Motor`. Reserved characters in names are written with `&`
 * before them, as in Part 4, annex A.2.
 */
export function parsePath(text: string, path?: string): PathStep[] {
  const wrong = () => opcuaErrors.browsePath({ text, ...(path === undefined ? {} : { path }) })
  if (text[0] !== '/') throw wrong()
  const steps: PathStep[] = []
  let name = ''
  let namespace: number | undefined
  for (let at = 1; at <= text.length; at++) {
    const char = text[at]
    if (char === '&') {
      at++
      const next = text[at]
      if (next === undefined) throw wrong()
      name += next
    } else if (char === ':' && namespace === undefined && /^\d{1,5}$/.test(name)) {
      namespace = Number(name)
      name = ''
    } else if (char === '/' || char === undefined) {
      if (name === '') throw wrong()
      steps.push({ namespace, name })
      name = ''
      namespace = undefined
    } else {
      name += char
    }
  }
  if (steps.length > 64) throw wrong()
  return steps
}

export const formatPath = (names: readonly string[]): string => names.map(escapeName).join('/')
export const escapeName = (name: string): string => name.replace(/[&/]/g, '&$&').replace(/^(\d{1,5}):/, '$1&:')
