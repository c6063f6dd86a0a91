import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Telemetry } from '../ports.ts'
import { openTelemetry } from '../telemetry/open.ts'

/** A real telemetry engine (chDB) in a directory that goes on close. One per process at a time. */
export async function temporaryTelemetry(): Promise<Telemetry> {
  const directory = await mkdtemp(join(tmpdir(), 'millwright-telemetry-'))
  const telemetry = await openTelemetry({ directory })
  return {
    ...telemetry,
    async close() {
      await telemetry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
