import type { ProbePorts } from '@millwright/connectivity'
import type { ConnectionTest } from '@millwright/contracts'
import type { FilesConfig } from './config.ts'
import type { FolderConfig } from './folder/model.ts'
import { namePattern } from './folder/pattern.ts'
import { openPath, type Roots } from './folder/roots.ts'
import { type FoundFile, scan } from './folder/scan.ts'
import { lookAt } from './look.ts'

/** Tries a folder, and the newest file in it by `look`. */
export async function testFolder(
  config: FolderConfig,
  ports: ProbePorts,
  roots: Roots,
  look: (file: FoundFile) => Promise<string>,
): Promise<ConnectionTest> {
  const steps: ConnectionTest['steps'] = []
  let found: FoundFile[] = []
  const step = async (name: string, work: () => Promise<string>) => {
    const began = ports.clock.steady()
    let ok = true
    const detail = await work().catch((error: unknown) => {
      ok = false
      return error instanceof Error ? error.message : String(error)
    })
    steps.push({ name, ok, detail, took: Math.max(0, Math.round(ports.clock.steady() - began)) })
  }
  await step(`Folder ${config.folder}`, async () => {
    found = await scan(await openPath(config.folder, roots), namePattern(config.pattern), config.subfolders)
    return found.length === 0
      ? `There is no file ${config.pattern} in it yet.`
      : `${found.length} files ${config.pattern} are in it.`
  })
  const newest = found.at(-1)
  if (newest !== undefined) await step(newest.relative, () => look(newest))
  return { ok: steps.every(({ ok }) => ok), steps, certificates: [] }
}

export const testFiles = (config: FilesConfig, ports: ProbePorts, roots: Roots): Promise<ConnectionTest> =>
  testFolder(config, ports, roots, async (file) => (await lookAt(file.path, config)).summary)
