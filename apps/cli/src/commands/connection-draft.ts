import type { Client } from '@millwright/sdk'
import { given } from '../command.ts'
import { usage } from '../errors.ts'
import { withPaths } from '../input/config-paths.ts'
import { readDocument } from '../input/documents.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findAgent, findConnection } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import type { Connection } from './connection-view.ts'

/** What a connection is made of on the command line. */
export interface DraftOptions {
  readonly adapter?: string
  readonly agent?: string
  readonly equipment?: string
  readonly file?: string
  readonly set?: string[]
}

/** A connection as a file or flags say it; what is not said is absent. */
export interface Said {
  readonly name?: string
  readonly adapter?: string
  readonly agent?: string | null
  readonly equipment?: string | null
  readonly config?: Record<string, unknown>
}

type Content = Record<string, unknown>

/**
 * Reads a connection from a file and flags (which win). The file holds `{ name, adapter, equipment, agent, config }`, where
 * machines and agents stand by their names, or the configuration alone. @param before the configuration to change
 */
export async function said(client: Client, options: DraftOptions, before: Content = {}): Promise<Said> {
  const content = options.file === undefined ? {} : await readContent(options.file)
  const whole = isContent(content['config'])
  const base = whole ? (content['config'] as Content) : options.file === undefined ? before : content
  const wordOf = (name: string): string | undefined =>
    whole && typeof content[name] === 'string' ? (content[name] as string) : undefined
  const equipment = options.equipment ?? wordOf('equipment')
  const agent = options.agent ?? wordOf('agent')
  const changed = options.file !== undefined || options.set !== undefined
  return given({
    name: wordOf('name'),
    adapter: options.adapter ?? wordOf('adapter'),
    equipment: await named(equipment, async (name) => (await new AssetNames(client).get(name)).id),
    agent: await named(agent, async (name) => (await findAgent(client, name)).device),
    config: changed ? withPaths(base, options.set ?? []) : undefined,
  })
}

/** What is to be tried: a connection as it stands, changed by flags, or a draft of its own. */
export async function draft(client: Client, which: string | undefined, options: DraftOptions) {
  const held = which === undefined ? undefined : await findConnection(client, which)
  const {
    adapter = held?.adapter,
    agent = held?.agent,
    config = held?.config,
  } = await said(client, options, held?.config)
  if (adapter === undefined) throw usage(text('connections.needsAdapter'))
  return given({ adapter, agent, config: config ?? {}, connection: held?.id })
}

/** @throws when connections of this protocol know no certificates */
export async function assertTrusts(client: Client, { adapter }: Connection): Promise<void> {
  const { items } = await client.listAdapters()
  const schema = items.find(({ id }) => id === adapter)?.configSchema as { properties?: Content } | undefined
  if (schema?.properties?.['trustedCertificates'] === undefined) throw usage(text('connections.noTrust', { adapter }))
}

/** A configuration that trusts a certificate, or turns it down; the other decision before is taken back. */
export function decided(
  config: Content,
  { pem, fingerprint }: { readonly pem: string; readonly fingerprint: string },
  accept: boolean,
): Content {
  const others = (field: string, entry: string) =>
    (Array.isArray(config[field]) ? (config[field] as string[]) : []).filter((one) => one !== entry)
  const trusted = others('trustedCertificates', pem)
  const rejected = others('rejectedCertificates', fingerprint)
  return {
    ...config,
    trustedCertificates: accept ? [...trusted, pem] : trusted,
    rejectedCertificates: accept ? rejected : [...rejected, fingerprint],
  }
}

async function readContent(file: string): Promise<Content> {
  const content = await readDocument(file)
  if (!isContent(content)) throw usage(text('connections.badFile', { file }))
  return content
}

async function named(
  word: string | undefined,
  find: (name: string) => Promise<string>,
): Promise<string | null | undefined> {
  if (word === undefined) return undefined
  return word === 'none' ? null : find(word)
}

const isContent = (value: unknown): value is Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
