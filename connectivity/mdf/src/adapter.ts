import type { ConnectionAdapter, ConnectionPorts, RunningConnection } from '@millwright/connectivity'
import { decodersOf, importDbc, loadDatabases } from '@millwright/connectivity-can'
import { FolderReader, namePattern, type Roots, testFolder, zonedTime } from '@millwright/connectivity-files'
import { browseMeasurements, describe } from './browse.ts'
import { type MdfConfig, mdfConfig } from './config.ts'
import { mdfManifest } from './manifest.ts'
import { mdfReader } from './read-mdf.ts'

/** @param roots folders that connections may read */
export function createMdfAdapter(roots: Roots) {
  return {
    manifest: mdfManifest,
    configSchema: mdfConfig,
    check({ pattern, zone, databases }: MdfConfig) {
      namePattern(pattern)
      zonedTime(zone)
      loadDatabases(databases)
    },
    create: (config: MdfConfig, ports: ConnectionPorts) => create(config, ports, roots),
    test: (config, ports) => testFolder({ ...config, reading: 'whole' }, ports, roots, ({ path }) => describe(path)),
    browse: (config, _ports, at) => browseMeasurements(config, roots, at),
    import: importDbc,
  } satisfies ConnectionAdapter<MdfConfig>
}

function create(config: MdfConfig, ports: ConnectionPorts, roots: Roots): RunningConnection {
  const read = mdfReader({
    makeDecoders: decodersOf(config),
    hasDatabases: config.databases.length > 0,
    now: () => ports.clock.now(),
    toUtc: zonedTime(config.zone),
  })
  const reader = new FolderReader({ ports, config: { ...config, reading: 'whole' }, roots, read })
  return {
    start: async () => reader.start(),
    stop: () => reader.stop(),
    get counters() {
      return { ...reader.counters }
    },
  }
}
