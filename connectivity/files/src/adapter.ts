import type { ConnectionAdapter, ConnectionPorts, RunningConnection } from '@millwright/connectivity'
import { browseFiles } from './browse.ts'
import { type FilesConfig, filesConfig } from './config.ts'
import { csvReader } from './csv/read-csv.ts'
import { fileErrors } from './errors.ts'
import { FolderReader } from './folder/folder-reader.ts'
import type { ReadFile } from './folder/model.ts'
import { namePattern } from './folder/pattern.ts'
import type { Roots } from './folder/roots.ts'
import { isParquet } from './look.ts'
import { filesManifest } from './manifest.ts'
import { parquetReader } from './parquet/read-parquet.ts'
import { testFiles } from './probe.ts'
import { timeFormat } from './time/format.ts'

/** Throws what the schema cannot say. */
export function checkFiles(config: FilesConfig): void {
  namePattern(config.pattern)
  timeFormat(config.time.format, config.time.zone)
  if (config.reading === 'growing' && (config.format === 'parquet' || /\.parquet$/i.test(config.pattern)))
    throw fileErrors.settings({ path: '/reading', what: 'is growing, but Parquet files are written whole' })
}

/** @param roots folders that connections may read */
export function createFilesAdapter(roots: Roots) {
  return {
    manifest: filesManifest,
    configSchema: filesConfig,
    check: checkFiles,
    create: (config: FilesConfig, ports: ConnectionPorts) => createFiles(config, ports, roots),
    test: (config, ports) => testFiles(config, ports, roots),
    browse: (config, _ports, at) => browseFiles(config, roots, at),
  } satisfies ConnectionAdapter<FilesConfig>
}

function createFiles(config: FilesConfig, ports: ConnectionPorts, roots: Roots): RunningConnection {
  const now = () => ports.clock.now()
  const csv = csvReader({ config, now, growing: config.reading === 'growing' })
  const parquet = parquetReader(config, now)
  const read: ReadFile = (file, position) => (isParquet(config, file.name) ? parquet : csv)(file, position)
  const reader = new FolderReader({ ports, config, roots, read })
  return {
    start: async () => reader.start(),
    stop: () => reader.stop(),
    get counters() {
      return { ...reader.counters }
    },
  }
}
