import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPglite } from '../database/pglite/open.ts'
import { openDataDirectory } from '../directory/data-directory.ts'

/**
 * Makes a data directory whose embedded database is there already, empty: making one takes three seconds of processor time, and
 * every end-to-end test starts a platform. Does nothing to a directory that has been used.
 */
export async function prepareDataDirectory(path: string): Promise<void> {
  if (!(await isEmpty(path))) return
  const directory = await openDataDirectory(path)
  try {
    await cp(await emptyDatabase(), directory.database, { recursive: true })
  } finally {
    await directory.release()
  }
}

/** Or not there yet. What cannot be looked into is for the platform to refuse. */
const isEmpty = (path: string): Promise<boolean> =>
  readdir(path).then(
    (names) => names.length === 0,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  )

/** A folder with an empty database, made once on this machine. */
async function emptyDatabase(): Promise<string> {
  const own = join(tmpdir(), `millwright-test-templates-${process.getuid?.() ?? ''}`)
  const hash = createHash('sha256').update(import.meta.resolve('@electric-sql/pglite'))
  const known = join(own, `empty-1-${hash.digest('hex').slice(0, 24)}`)
  if (await isThere(known)) return known
  await mkdir(own, { recursive: true, mode: 0o700 })
  const aside = await mkdtemp(join(own, 'making-'))
  const database = await openPglite({ directory: join(aside, 'database') })
  await database.close()
  // Whoever is first wins; two that were made at once are alike.
  await rename(join(aside, 'database'), known).catch(async (error: unknown) => {
    if (!(await isThere(known))) throw error
  })
  await rm(aside, { recursive: true, force: true })
  return known
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
