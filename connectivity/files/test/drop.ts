/** A folder to drop files in, and the connection that reads it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { TestPorts } from '@millwright/connectivity/testing'
import { Value } from 'typebox/value'
import { createFilesAdapter } from '../src/adapter.ts'
import type { FilesConfig } from '../src/config.ts'

export type Settings = {
  [K in keyof FilesConfig]?: FilesConfig[K] extends object ? Partial<FilesConfig[K]> : FilesConfig[K]
}

export function dropFolder(settings: Settings, options: { keep?: TestPorts; purpose?: 'run' | 'preview' } = {}) {
  const ports = new TestPorts(options)
  const folder = join(ports.root, 'drop')
  mkdirSync(folder, { recursive: true })
  const adapter = createFilesAdapter([folder])
  const config = Value.Default(adapter.configSchema, { folder, settle: 0, interval: 0.1, ...settings }) as FilesConfig
  const errors = Value.Errors(adapter.configSchema, config)
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  adapter.check(config)
  return { ports, folder, config, adapter, connection: adapter.create(config, ports) }
}
