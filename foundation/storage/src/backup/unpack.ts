import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { backupErrors } from './errors.ts'
import { BACKUP_FORMAT, type Entry, HEAD, isEntryName, MANIFEST, type Manifest } from './format.ts'

const MAX_JSON = 256 * 2 ** 20

/**
 * Unpacks a backup into `directory` and checks every byte of it against its manifest.
 * @throws MW-BACKUP-… when it is not a backup, from a newer version, cut off or damaged
 */
export async function unpack(file: string, directory: string): Promise<Manifest> {
  const found = new Map<string, Entry>()
  let manifest: Manifest | undefined
  let first = true
  const entries = extract()
  const reading = pipeline(createReadStream(file), entries as unknown as NodeJS.WritableStream)
  // Seen below, when the loop over the entries has ended.
  reading.catch(() => undefined)
  try {
    for await (const source of entries) {
      const { name, type } = source.header
      const entry = source as unknown as AsyncIterable<Uint8Array>
      if (first) {
        if (name !== HEAD) throw backupErrors.notBackup({ file, reason: `its first entry is ${name}` })
        checkHead(file, (await json(file, name, entry)) as { format?: unknown })
        first = false
      } else if (name === MANIFEST) manifest = (await json(file, name, entry)) as Manifest
      else {
        if (type !== 'file' || !isEntryName(name) || manifest !== undefined) {
          throw backupErrors.damaged({ file, entry: name, reason: 'does not belong in a backup' })
        }
        found.set(name, await unpackEntry(name, entry, join(directory, name)))
      }
    }
    await reading
  } catch (cause) {
    // An entry that was cut off may say only that it ended; the tar reader says why.
    const why = /destroyed/.test((cause as Error).message)
      ? await reading.then(
          () => cause,
          (error: unknown) => error,
        )
      : cause
    throw explained(file, first, why)
  }
  if (first) throw backupErrors.notBackup({ file, reason: 'it is empty' })
  if (manifest === undefined) throw backupErrors.truncated({ file })
  compare(file, manifest, found)
  return manifest
}

function checkHead(file: string, head: { format?: unknown }): void {
  const format = head?.format
  if (!Number.isInteger(format)) throw backupErrors.notBackup({ file, reason: 'it does not say its format' })
  if ((format as number) > BACKUP_FORMAT) throw backupErrors.newer({ file, format, known: BACKUP_FORMAT })
}

async function unpackEntry(name: string, bytes: AsyncIterable<Uint8Array>, path: string): Promise<Entry> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
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
    return { name, size, sha256: hash.digest('hex') }
  } finally {
    await handle.close()
  }
}

async function json(file: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > MAX_JSON) throw backupErrors.damaged({ file, entry: name, reason: 'is too large' })
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch (cause) {
    throw backupErrors.damaged({ file, entry: name, reason: 'is not JSON', cause })
  }
}

function compare(file: string, manifest: Manifest, found: ReadonlyMap<string, Entry>): void {
  if (!Array.isArray(manifest.entries)) throw backupErrors.damaged({ file, entry: MANIFEST, reason: 'lists nothing' })
  for (const { name, size, sha256 } of manifest.entries) {
    const entry = found.get(name)
    if (entry === undefined) throw backupErrors.damaged({ file, entry: name, reason: 'is missing' })
    if (entry.size !== size || entry.sha256 !== sha256) {
      throw backupErrors.damaged({ file, entry: name, reason: 'is not what its checksum says' })
    }
  }
  if (found.size !== manifest.entries.length) {
    const listed = new Set(manifest.entries.map(({ name }) => name))
    const extra = [...found.keys()].find((name) => !listed.has(name))
    throw backupErrors.damaged({ file, entry: extra, reason: 'is not in its list of contents' })
  }
}

/** What the tar reader and the file system say, as sentences. */
function explained(file: string, first: boolean, cause: unknown): unknown {
  const { code, message } = cause as { code?: string; message?: string }
  if (code?.startsWith('MW-') || code === 'ENOSPC') return cause
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')
    return backupErrors.notBackup({ file, reason: 'it cannot be read', cause })
  if (/unexpected end/i.test(message ?? ''))
    return first
      ? backupErrors.notBackup({ file, reason: 'it is no tar file', cause })
      : backupErrors.truncated({ file, cause })
  if (/tar header|checksum/i.test(message ?? '')) {
    return first
      ? backupErrors.notBackup({ file, reason: 'it is no tar file', cause })
      : backupErrors.damaged({ file, entry: 'the tar', reason: 'has a header that cannot be read', cause })
  }
  return cause
}
