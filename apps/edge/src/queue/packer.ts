import { BlockEncoder, decodeBlock } from '@millwright/connectivity'
import type { Unsettled } from './file.ts'
import { FRAME, type FrameHead } from './frame.ts'
import type { Parcel } from './model.ts'
import type { NewFrame, QueueStore } from './store.ts'

/** A packed block is about so large: half a minute of a busy machine, and far from what the platform takes at most. */
const BLOCK_ROWS = 50_000
const BLOCK_BYTES = 4 * 1024 * 1024
/** Compressed, as its frames are: what does not shrink by packing must not come to more than a block may. */
const BLOCK_PAYLOAD = 700 * 1024

/** Frames side by side that make one block: readings together, anything else alone. */
export function groups(entries: readonly Unsettled[]): Unsettled[][] {
  const result: Unsettled[][] = []
  let open: Unsettled[] = []
  let rows = 0
  let bytes = 0
  for (const entry of entries) {
    const room = rows + entry.rows <= BLOCK_ROWS && bytes + entry.length <= BLOCK_PAYLOAD
    if (entry.kind !== FRAME.readings || open[0]?.kind !== FRAME.readings || !room) {
      open = []
      rows = 0
      bytes = 0
      result.push(open)
    }
    open.push(entry)
    rows += entry.rows
    bytes += entry.length
  }
  return result
}

/**
 * Reads frames of a group and makes one block of them. A damaged frame is told and left out.
 * @returns undefined when nothing is left; `entries`: what it holds, a part of the group when it grew too large
 */
export async function packGroup(store: QueueStore, group: readonly Unsettled[]): Promise<Parcel | undefined> {
  const encoder = new BlockEncoder()
  const entries: Unsettled[] = []
  let only: Buffer | undefined
  for (const entry of group) {
    if (encoder.bytes > BLOCK_BYTES) break
    const payload = await entry.file.read(entry)
    if (payload === undefined) {
      await store.damaged(entry)
      continue
    }
    entries.push(entry)
    only = payload
    // Times were believed when they were taken; what the clock says now does not matter.
    if (group.length > 1) decodeBlock(payload, Number.MAX_SAFE_INTEGER, (section, rows) => encoder.add(section, rows))
  }
  if (entries.length === 0) return undefined
  const rows = entries.reduce((sum, entry) => sum + entry.rows, 0)
  const payload = entries.length > 1 || encoder.rows > 0 ? encoder.finish() : only!
  return { kind: entries[0]!.kind as Parcel['kind'], payload, rows, entries }
}

/** The frame of a segment that stands for what a parcel holds, and for what lay between and was acknowledged before. */
export function packedFrame({ payload, rows, entries, kind }: Parcel): NewFrame {
  const head: FrameHead = {
    first: entries[0]!.first,
    last: entries.at(-1)!.last,
    rows,
    kind,
    earliest: Math.min(...entries.map(({ earliest }) => earliest)),
    latest: Math.max(...entries.map(({ latest }) => latest)),
    acceptedAt: entries[0]!.acceptedAt,
  }
  return { head, payload }
}
