import { lstat, mkdir, opendir, realpath, rename } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileErrors } from '../errors.ts'

/** A file of the folder whose name matches. */
export interface FoundFile {
  readonly path: string
  /** Below the folder. */
  readonly relative: string
  readonly device: string | undefined
  readonly size: number
  /** ms. */
  readonly modified: number
}

const DONE = 'done'
const FAILED = 'failed'
const DEPTH = 5
/** Names looked at in one go; a folder with more is read over several looks when files are moved away. */
const MAX_NAMES = 50_000

/** Ordinary files that match, the oldest first. Links are not followed, what begins with a dot is left alone. */
export async function scan(
  folder: string,
  matches: (name: string) => { device: string | undefined } | undefined,
  subfolders: boolean,
): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  let names = 0
  const visit = async (directory: string, depth: number): Promise<void> => {
    for await (const entry of await opendir(directory)) {
      if (++names > MAX_NAMES) return
      if (entry.name.startsWith('.')) continue
      const path = join(directory, entry.name)
      if (entry.isDirectory()) {
        const ours = directory === folder && (entry.name === DONE || entry.name === FAILED)
        if (subfolders && !ours && depth < DEPTH) await visit(path, depth + 1)
        continue
      }
      const match = entry.isFile() ? matches(entry.name) : undefined
      if (match === undefined) continue
      const stat = await lstat(path).catch(goneIsNothing)
      if (stat?.isFile())
        found.push({
          path,
          relative: relative(folder, path),
          device: match.device,
          size: stat.size,
          modified: stat.mtimeMs,
        })
    }
  }
  await visit(folder, 1)
  return found.sort((a, b) => a.modified - b.modified || (a.path < b.path ? -1 : 1))
}

function goneIsNothing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** Moves a file that was read into `done/` or `failed/`, under a free name. */
export async function putAway(folder: string, path: string, failed: boolean): Promise<void> {
  const target = join(folder, failed ? FAILED : DONE, dirname(relative(folder, path)))
  await mkdir(target, { recursive: true })
  // Whoever may drop files may also drop a link that is called done.
  if ((await realpath(target)) !== target) throw fileErrors.folderClosed({ folder: target })
  const name = basename(path)
  const extension = extname(name)
  for (let count = 1; ; count++) {
    const free = join(
      target,
      count === 1 ? name : `${name.slice(0, name.length - extension.length)}-${count}${extension}`,
    )
    if ((await lstat(free).catch(goneIsNothing)) !== undefined) continue
    return rename(path, free).catch(goneIsNothing)
  }
}
