import type { BrowseAt, ProbePorts } from '@millwright/connectivity'
import type { BrowseItem, BrowsePage } from '@millwright/contracts'
import { type Micros, SECOND } from '@millwright/foundation'
import type { BrokerConfig } from '../link/config.ts'
import { MqttLine } from '../link/line.ts'
import { openProbeLine, pause } from '../link/probe.ts'
import { guessMapping } from './guess.ts'

const LISTEN: Micros = 3 * SECOND
const TOPICS = 5_000
const KEPT_BYTES = 16 * 1024 * 1024

interface Level {
  /** What was published at this very topic. */
  payload: Buffer | undefined
  below: boolean
}

/** One level of the topics that were published (or are retained) while a throw-away session listened for some seconds. */
export async function browseTopics(config: BrokerConfig, ports: ProbePorts, at: BrowseAt): Promise<BrowsePage> {
  const prefix = at.node === undefined ? '' : `${at.node}/`
  const levels = new Map<string, Level>()
  let bytes = 0
  const line = await openProbeLine(config, ports, ({ topic, payload }) => {
    if (!topic.startsWith(prefix) || bytes > KEPT_BYTES) return
    const rest = topic.slice(prefix.length)
    const slash = rest.indexOf('/')
    const name = slash === -1 ? rest : rest.slice(0, slash)
    let level = levels.get(name)
    if (level === undefined) {
      if (levels.size >= TOPICS) return
      level = { payload: undefined, below: false }
      levels.set(name, level)
    }
    if (slash === -1) {
      level.payload = payload
      bytes += payload.length
    } else level.below = true
  })
  if (!(line instanceof MqttLine)) throw line.error
  try {
    await line.subscribe([at.node === undefined ? '#' : `${at.node}/#`], 0)
    await pause(LISTEN, ports)
  } finally {
    await line.end()
  }
  return page(
    [...levels].sort(([one], [other]) => one.localeCompare(other)),
    prefix,
    at,
  )
}

function page(levels: readonly (readonly [string, Level])[], prefix: string, at: BrowseAt): BrowsePage {
  const start = levels.findIndex(([name]) => at.cursor === undefined || name.localeCompare(at.cursor) > 0)
  const shown = start === -1 ? [] : levels.slice(start, start + at.limit)
  const last = shown.at(-1)
  const more = last !== undefined && start + shown.length < levels.length
  return {
    items: shown.map(([name, level]) => item(name, level, `${prefix}${name}`)),
    ...(more ? { next: last[0] } : {}),
  }
}

function item(name: string, { payload, below }: Level, topic: string): BrowseItem {
  const base = { id: topic, name: name === '' ? '(empty level)' : name, hasChildren: below }
  if (payload === undefined) return { ...base, kind: 'folder' }
  const mapping = guessMapping(topic, payload)
  return {
    ...base,
    kind: 'topic',
    ...(mapping === undefined
      ? { description: 'Its payload is no text: is it Sparkplug, or another binary format?' }
      : {
          value: short(payload),
          dataType: mapping.payload ?? 'json',
          pick: { path: '/mappings', value: mapping },
        }),
  }
}

function short(payload: Buffer): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  const text = payload.toString('utf8', 0, 200).replace(/[\u0000-\u001f\u007f-\u009f\ufffd]+/g, ' ')
  return payload.length > 120 ? `${text.slice(0, 120)}…` : text
}
