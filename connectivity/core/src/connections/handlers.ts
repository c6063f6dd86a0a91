import type { AdapterDescription, connectionOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import { connectivityErrors } from '../errors.ts'
import type { ConnectionAdapter } from './adapter.ts'
import type { Adapters } from './host.ts'
import type { ConnectionService } from './service.ts'
import { type ConnectionTries, checkMayConnect } from './tries.ts'

export interface ConnectionHandled {
  readonly adapters: Adapters
  readonly connections: ConnectionService
  readonly tries: ConnectionTries
}

/** The operations of connections. */
export const connectionHandlers = ({
  adapters,
  connections,
  tries,
}: ConnectionHandled): Handlers<typeof connectionOperations> => ({
  listAdapters: async () => ({
    items: [...adapters.values()].map(described).sort((a, b) => a.name.localeCompare(b.name, 'en')),
  }),
  async importAdapterConfig({ actor, params, body }) {
    checkMayConnect(actor)
    const adapter = adapters.get(params.adapter)
    if (adapter === undefined) throw connectivityErrors.adapterUnknown({ path: 'adapter', adapter: params.adapter })
    const { format } = body
    if (adapter.import === undefined || !adapter.manifest.imports.some((known) => known.format === format)) {
      throw connectivityErrors.noImport({ path: 'body/format', adapter: params.adapter, format })
    }
    const { config, notes } = await adapter.import(format, fileOf(body.file))
    return { config: { ...config }, notes: [...notes] }
  },
  listConnections: ({ actor, query }) => connections.list(actor, query),
  createConnection: ({ actor, body }) => connections.create(actor, body),
  getConnection: ({ actor, params }) => connections.get(actor, params.id),
  updateConnection: ({ actor, params, body, ifMatch }) => connections.update(actor, params.id, body, ifMatch),
  async deleteConnection({ actor, params }) {
    await connections.remove(actor, params.id)
    return undefined
  },
  testConnection: ({ actor, body, signal }) => tries.test(actor, body, signal),
  browseConnection: ({ actor, body, signal }) => tries.browse(actor, body, signal),
  previewConnection: ({ actor, body, signal }) => tries.preview(actor, body, signal),
})

function described({ manifest, configSchema }: ConnectionAdapter): AdapterDescription {
  const { id, name, summary, direction, does, browses } = manifest
  return {
    id,
    name,
    summary,
    standards: [...manifest.standards],
    direction,
    runsOn: [...manifest.runsOn],
    does: { ...does },
    browses,
    imports: manifest.imports.map(({ format, name: called, extensions }) => ({
      format,
      name: called,
      extensions: [...extensions],
    })),
    configSchema,
  }
}

function fileOf(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw connectivityErrors.fileInvalid({ path: 'body/file' })
  return Buffer.from(text, 'base64')
}
