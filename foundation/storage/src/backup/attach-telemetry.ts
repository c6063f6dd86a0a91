import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { openTelemetry } from '../telemetry/open.ts'
import { type FrozenTable, quotedName } from './freeze-telemetry.ts'

/**
 * Makes an embedded engine's data directory of what a backup holds: the tables by their definitions, the data by
 * attaching its parts. Run as a program of its own (`node attach-telemetry.ts FROM TO`), because the engine opens one
 * data directory per process, ever.
 */
async function attachTelemetry(from: string, to: string): Promise<void> {
  const tables: FrozenTable[] = JSON.parse(await readFile(join(from, 'tables.json'), 'utf8'))
  const telemetry = await openTelemetry({ directory: to })
  try {
    for (const { name, definition } of tables) {
      await telemetry.client.command({ query: definition })
      const parts = (await readdir(join(from, 'parts', name)).catch(() => [])).sort(byBlock)
      if (parts.length === 0) continue
      const reply = await telemetry.client.query({
        query: 'select data_paths from system.tables where database = currentDatabase() and name = {name:String}',
        query_params: { name },
        format: 'JSONEachRow',
      })
      const [row] = await reply.json<{ data_paths: string[] }>()
      const detached = join(row!.data_paths[0]!, 'detached')
      await mkdir(detached, { recursive: true })
      for (const part of parts) {
        await rename(join(from, 'parts', name, part), join(detached, part))
        await telemetry.client.command({ query: `alter table ${quotedName(name)} attach part '${part}'` })
      }
    }
  } finally {
    await telemetry.close()
  }
}

/** Parts are `<partition>_<first block>_<last block>_<level>`: attached in the order in which they were written. */
function byBlock(a: string, b: string): number {
  const block = (part: string) => Number(part.split('_').at(-3))
  return block(a) - block(b) || (a < b ? -1 : 1)
}

await attachTelemetry(process.argv[2]!, process.argv[3]!)
