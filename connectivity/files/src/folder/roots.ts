import { realpath } from 'node:fs/promises'
import { isAbsolute, resolve, sep } from 'node:path'
import { fileErrors } from '../errors.ts'

/**
 * Folders that connections may read, as whoever runs the machine says: an administrator of a tenant must not be able to
 * read the machine's files by a connection.
 */
export type Roots = readonly string[]

const inside = (path: string, root: string) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

/**
 * The real path of a file or folder that connections may use; links are followed before it is judged. Throws when it is
 * outside of every root or cannot be read.
 */
export async function openPath(path: string, roots: Roots): Promise<string> {
  const whole = resolve(path)
  // Said before it is looked for: what is there outside is nobody's business.
  const named = await Promise.all(roots.map(async (root) => [resolve(root), await realpath(root).catch(() => root)]))
  if (!isAbsolute(path) || !named.flat().some((root) => inside(whole, root)))
    throw fileErrors.folderClosed({ folder: path })
  let real: string
  try {
    real = await realpath(whole)
  } catch (error) {
    throw fileErrors.folderMissing({
      folder: path,
      reason: (error as NodeJS.ErrnoException).code ?? error,
      cause: error,
    })
  }
  if (!named.some(([, root]) => inside(real, root!))) throw fileErrors.folderClosed({ folder: path })
  return real
}
