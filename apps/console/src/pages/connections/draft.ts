import { type AdapterDescription, ApiError, type Connection, type PeerCertificate } from '../../api/types.ts'
import { pointerOf } from '../../components/schema-form/faults.ts'
import type { Schema, Values } from '../../components/schema-form/schema.ts'
import { fresh } from '../../components/schema-form/values.ts'

/** A connection as it is being made or changed. */
export interface Draft {
  readonly adapter: AdapterDescription
  readonly agent: string | null
  readonly name: string
  readonly equipment: string | null
  readonly config: Values
  /** Pointers of the secrets that the platform holds already. */
  readonly secrets: ReadonlySet<string>
  /** The connection that is changed; undefined: a new one. */
  readonly connection: string | undefined
}

export const schemaOf = (adapter: AdapterDescription): Schema => adapter.configSchema as Schema

export const newDraft = (adapter: AdapterDescription, agent: string | null, equipment: string | null): Draft => ({
  adapter,
  agent: adapter.runsOn.includes('edge') ? agent : null,
  name: '',
  equipment,
  config: fresh(schemaOf(adapter)) as Values,
  secrets: new Set(),
  connection: undefined,
})

export const draftOf = (connection: Connection, adapter: AdapterDescription): Draft => ({
  adapter,
  agent: connection.agent,
  name: connection.name,
  equipment: connection.equipment,
  config: connection.config,
  secrets: new Set(connection.secrets),
  connection: connection.id,
})

/** What a test, a browse and a preview are asked with. */
export const probeOf = ({ adapter, agent, config, connection }: Draft) => ({
  adapter: adapter.id,
  agent,
  config,
  ...(connection === undefined ? {} : { connection }),
})

/** The platform's sentence about one field of the configuration; undefined when the error is about something else. */
export function refusedField(error: unknown): { pointer: string; sentence: string } | undefined {
  if (!(error instanceof ApiError)) return undefined
  const pointer = pointerOf(error.problem.path)
  return pointer === undefined ? undefined : { pointer, sentence: error.problem.detail }
}

const listed = (config: Values, field: string): string[] =>
  Array.isArray(config[field]) ? (config[field] as string[]) : []

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase()

/** Whether a person turned this certificate down. */
export const isRejected = (config: Values, { fingerprint }: PeerCertificate): boolean =>
  listed(config, 'rejectedCertificates').some((one) => plain(one) === plain(fingerprint))

/** A configuration that trusts a certificate, or turns it down; the other decision before is taken back. */
export function decided(config: Values, { pem, fingerprint }: PeerCertificate, accepted: boolean): Values {
  const others = {
    trustedCertificates: listed(config, 'trustedCertificates').filter((one) => one !== pem),
    rejectedCertificates: listed(config, 'rejectedCertificates').filter((one) => plain(one) !== plain(fingerprint)),
  }
  const [field, entry, other] = accepted
    ? (['trustedCertificates', pem, 'rejectedCertificates'] as const)
    : (['rejectedCertificates', fingerprint, 'trustedCertificates'] as const)
  return {
    ...config,
    ...(listed(config, other).length === others[other].length ? {} : { [other]: others[other] }),
    [field]: [...others[field], entry],
  }
}

const FORBIDDEN = /[\p{Cc}]/gu

/** A name to begin with: the protocol and where it goes. */
export function suggestedName({ adapter, config }: Draft): string {
  const host = hostIn(config)
  return `${adapter.name}${host === undefined ? '' : ` ${host}`}`.replace(FORBIDDEN, '').slice(0, 120)
}

function hostIn(values: Values): string | undefined {
  for (const [name, value] of Object.entries(values)) {
    if (/^(host|endpoint|url|path|folder|directory|interface)$/.test(name) && typeof value === 'string')
      return value.replace(/^[a-z.+-]+:\/\//i, '')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const found = hostIn(value as Values)
      if (found !== undefined) return found
    }
  }
  return undefined
}
