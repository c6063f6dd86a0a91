import type { Micros } from '@millwright/foundation'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { PickedFile } from './picked-file.ts'

/** Bytes at the beginning, at most, by which a growing file is known again: its header alone may be that of others. */
const HEAD = 65_536

/**
 * Finds what is known of a file, or begins an entry for it. A file that is read whole is known by the hash of all its
 * bytes: touched or dropped again under its name, it is the same; with other bytes it is another one. A growing file is
 * known by its beginning: it may become longer, never shorter.
 */
export async function identify(
  file: PickedFile,
  path: string,
  growing: boolean,
  ledger: Ledger,
  now: Micros,
): Promise<LedgerEntry> {
  const known = ledger.of(path)
  const { size, modified } = file
  if (growing) {
    for (const entry of known) {
      if (entry.covers > size || entry.size > size) continue
      if ((await file.hash(0, entry.covers)) === entry.fingerprint) return entry
    }
    return ledger.begin({ path, size, modified, ...(await headOf(file)) }, now)
  }
  // As it was when it was read: a folder of kept files is not hashed anew at each start.
  const untouched = known.find(
    (entry) => entry.state !== 'reading' && entry.size === size && entry.modified === modified,
  )
  if (untouched !== undefined) return untouched
  const fingerprint = await file.hash(0, size)
  const same = known.find((entry) => entry.covers === size && entry.fingerprint === fingerprint)
  return same ?? ledger.begin({ path, size, modified, covers: size, fingerprint }, now)
}

/** By what a growing file is known from now on. */
export async function headOf(file: PickedFile): Promise<{ covers: number; fingerprint: string }> {
  const covers = Math.min(HEAD, file.size)
  return { covers, fingerprint: await file.hash(0, covers) }
}
