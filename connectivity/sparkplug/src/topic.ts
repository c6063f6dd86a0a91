/** Sparkplug B's topics (3.0, chapter 4): `spBv1.0/<group>/<type>/<edge node>[/<device>]`. */

export const NAMESPACE = 'spBv1.0'

export type MessageType = 'NBIRTH' | 'NDEATH' | 'NDATA' | 'NCMD' | 'DBIRTH' | 'DDEATH' | 'DDATA' | 'DCMD'

const NODE_TYPES: ReadonlySet<string> = new Set(['NBIRTH', 'NDEATH', 'NDATA', 'NCMD'])
const DEVICE_TYPES: ReadonlySet<string> = new Set(['DBIRTH', 'DDEATH', 'DDATA', 'DCMD'])

export interface MessageTopic {
  readonly group: string
  readonly type: MessageType
  readonly node: string
  /** undefined: the edge node itself. */
  readonly device: string | undefined
}

/** undefined: not a message of an edge node. */
export function parseTopic(topic: string): MessageTopic | undefined {
  const parts = topic.split('/')
  const [namespace, group, type, node, device] = parts
  if (namespace !== NAMESPACE || !group || !type || !node) return undefined
  if (NODE_TYPES.has(type)) {
    return parts.length === 4 ? { group, type: type as MessageType, node, device: undefined } : undefined
  }
  if (!DEVICE_TYPES.has(type) || parts.length !== 5 || !device) return undefined
  return { group, type: type as MessageType, node, device }
}

export function topicOf({ group, type, node, device }: MessageTopic): string {
  const base = `${NAMESPACE}/${group}/${type}/${node}`
  return device === undefined ? base : `${base}/${device}`
}

/** What an id in a topic must not have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const FORBIDDEN = /[+#/\u0000-\u001f\u007f]/

export const isTopicId = (id: string): boolean => id.length > 0 && id.length <= 100 && !FORBIDDEN.test(id)
