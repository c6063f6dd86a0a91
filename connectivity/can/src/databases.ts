import type { ImportedConfig } from '@millwright/connectivity'
import type { CanConfig, CanDatabase } from './config.ts'
import { dbcText, parseDbc } from './dbc/parse.ts'
import { canErrors } from './errors.ts'
import { type BusDatabase, BusDecoders } from './frames/buses.ts'

/** Reads the databases of a configuration. Throws a MillwrightError that names the database and its line. */
export function loadDatabases(databases: readonly CanDatabase[]): BusDatabase[] {
  return databases.map(({ bus, dbc }, index) => {
    const read = parseDbc(dbc)
    if (read.messages.every(({ signals }) => signals.length === 0))
      throw canErrors.dbcEmpty({ path: `/databases/${index}` })
    return { bus, dbc: read }
  })
}

/** @returns a maker of decoders without rows and without history */
export function decodersOf({
  databases,
  metric,
  device,
  signalInterval,
}: Pick<CanConfig, 'databases' | 'metric' | 'device' | 'signalInterval'>): () => BusDecoders {
  const loaded = loadDatabases(databases)
  return () => new BusDecoders(loaded, { metric, device, interval: signalInterval * 1000 })
}

/** A .dbc file as a part of the configuration. */
export async function importDbc(format: string, file: Uint8Array): Promise<ImportedConfig> {
  if (format !== 'dbc') throw canErrors.format({ format })
  // Zeros that tools leave behind say nothing, and cannot be stored.
  const dbc = dbcText(file).replaceAll('\0', '')
  const read = parseDbc(dbc)
  const signals = read.messages.reduce((sum, message) => sum + message.signals.length, 0)
  if (signals === 0) throw canErrors.dbcEmpty({ path: '/databases/0' })
  const notes = [
    `${read.messages.length} messages with ${signals} signals, ${read.nodes.length} nodes.`,
    ...read.notes.slice(0, 100),
  ]
  return { config: { databases: [{ dbc }] }, notes }
}
