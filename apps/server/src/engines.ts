import type { Log } from '@millwright/foundation'
import {
  type Artifacts,
  type Database,
  type DataDirectory,
  openArtifacts,
  openDatabase,
  openTelemetry,
  type Telemetry,
} from '@millwright/storage'
import type { ServerConfig } from './config.ts'

/** The engines that the platform stands on: in this process, or servers where the configuration names them. */
export interface Engines {
  readonly database: Database
  readonly telemetry: Telemetry
  readonly artifacts: Artifacts
}

/** Opens the engines side by side; when one fails, the other is closed again. */
export async function openEngines(config: ServerConfig, directory: DataDirectory, log: Log): Promise<Engines> {
  const [database, telemetry] = await Promise.allSettled([
    openDatabase(config.databaseUrl === '' ? { directory: directory.database, log } : { url: config.databaseUrl }),
    openTelemetry(
      config.clickhouseUrl === '' ? { directory: directory.telemetry } : clickHouseAt(config.clickhouseUrl),
    ),
  ])
  if (database.status === 'fulfilled' && telemetry.status === 'fulfilled') {
    return { database: database.value, telemetry: telemetry.value, artifacts: openArtifacts(directory.artifacts) }
  }
  if (database.status === 'fulfilled') await database.value.close()
  if (telemetry.status === 'fulfilled') await telemetry.value.close()
  throw [database, telemetry].find((each) => each.status === 'rejected')!.reason
}

function clickHouseAt(address: string) {
  const url = new URL(address)
  return {
    url: url.origin,
    user: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1) || 'default',
  }
}
