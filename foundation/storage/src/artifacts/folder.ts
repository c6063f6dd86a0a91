import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../directory/sync.ts'
import type { Artifacts } from '../ports.ts'
import { artifactErrors } from './errors.ts'

const KEY = /^[0-9a-f]{64}$/

/**
 * Artifacts in a folder of this machine: `ab/abcdef…`, named by the SHA-256 of their bytes. A file appears whole or not
 * at all (written aside, synced, renamed), and what is read is checked against its name.
 */
export function openArtifacts(directory: string): Artifacts {
  const incoming = join(directory, 'incoming')
  // What a crash left half written has no name that anything refers to.
  rmSync(incoming, { recursive: true, force: true })
  mkdirSync(incoming, { recursive: true, mode: 0o700 })

  /** Only hex digits ever become part of a path. */
  const fileOf = (key: string): { folder: string; file: string } => {
    if (!KEY.test(key)) throw artifactErrors.key({ key, path: 'sha256' })
    const folder = join(directory, key.slice(0, 2))
    return { folder, file: join(folder, key) }
  }
  return {
    async put(bytes) {
      const aside = join(incoming, randomUUID())
      try {
        const { sha256, size } = await writeAside(aside, bytes)
        const { folder, file } = fileOf(sha256)
        if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await syncDirectory(directory)
        await rename(aside, file)
        await syncDirectory(folder)
        return { sha256, size }
      } finally {
        await rm(aside, { force: true })
      }
    },
    async *get(key) {
      const handle = await open(fileOf(key).file).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ENOENT' ? artifactErrors.missing({ key, cause }) : cause
      })
      const hash = createHash('sha256')
      for await (const chunk of handle.createReadStream()) {
        hash.update(chunk as Buffer)
        yield chunk as Buffer
      }
      if (hash.digest('hex') !== key) throw artifactErrors.damaged({ key })
    },
    has: (key) =>
      access(fileOf(key).file).then(
        () => true,
        () => false,
      ),
    async remove(key) {
      await unlink(fileOf(key).file).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause
      })
    },
    async *list() {
      for (const folder of (await readdir(directory)).sort()) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue
        for (const key of (await readdir(join(directory, folder))).sort()) {
          if (KEY.test(key)) yield { sha256: key, size: (await stat(join(directory, folder, key))).size }
        }
      }
    },
  }
}

async function writeAside(path: string, bytes: AsyncIterable<Uint8Array>): Promise<{ sha256: string; size: number }> {
  const handle = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of bytes) {
      hash.update(chunk)
      size += chunk.length
      await handle.writeFile(chunk)
    }
    await handle.sync()
    return { sha256: hash.digest('hex'), size }
  } finally {
    await handle.close()
  }
}
