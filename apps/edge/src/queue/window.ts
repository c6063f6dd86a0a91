import { BlockEncoder, type BlockSection, type MetricRows } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import { FRAME } from './frame.ts'
import { copyRows } from './rows.ts'
import type { NewFrame } from './store.ts'

/** A frame is closed beyond this: as it is, uncompressed, it is still smaller than a block may be. */
const FRAME_BYTES = 600 * 1024

interface OpenFrame {
  readonly encoder: BlockEncoder
  earliest: Micros
  latest: Micros
}

/** What was accepted since the last commit, and the promise that its senders wait for. */
export class CommitWindow {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  readonly openedAt: Micros
  rows = 0
  /** About, before compression. */
  bytes = 0
  readonly #frames: OpenFrame[] = []
  readonly #messages: Buffer[] = []

  constructor(openedAt: Micros) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    // Nobody may be waiting for it when it fails.
    promise.catch(() => undefined)
    this.promise = promise
    this.resolve = resolve
    this.reject = reject
    this.openedAt = openedAt
  }

  /** Takes a part of rows that can travel (`rowProblem`). */
  add(section: BlockSection, { rows, size }: Part): void {
    let frame = this.#frames.at(-1)
    if (frame === undefined || frame.encoder.bytes + size > FRAME_BYTES) {
      frame = { encoder: new BlockEncoder({ compression: 'fast' }), earliest: Number.POSITIVE_INFINITY, latest: 0 }
      this.#frames.push(frame)
    }
    const before = frame.encoder.bytes
    frame.encoder.add(section, rows)
    this.bytes += frame.encoder.bytes - before
    this.rows += rows.length
    for (let row = 0; row < rows.length; row++) {
      const time = rows.time[row]!
      if (time < frame.earliest) frame.earliest = time
      if (time > frame.latest) frame.latest = time
    }
  }

  addMessage(payload: Buffer): void {
    this.#messages.push(payload)
    this.bytes += payload.length
  }

  /** @param sequence gives the next sequence number */
  frames(sequence: () => number, acceptedAt: Micros): NewFrame[] {
    const readings = this.#frames.map(({ encoder, earliest, latest }): NewFrame => {
      const payload = encoder.finish()
      const number = sequence()
      const head = {
        first: number,
        last: number,
        rows: encoder.rows,
        kind: FRAME.readings,
        earliest,
        latest,
        acceptedAt,
      }
      return { head, payload }
    })
    const messages = this.#messages.map((payload): NewFrame => {
      const number = sequence()
      const times = { earliest: acceptedAt, latest: acceptedAt, acceptedAt }
      return { head: { first: number, last: number, rows: 0, kind: FRAME.message, ...times }, payload }
    })
    return [...readings, ...messages]
  }
}

export interface Part {
  readonly rows: MetricRows
  /** What it comes to at most, about, before compression. */
  readonly size: number
}

/** Parts of rows that fit a frame each; mostly the rows as they are. A row that is larger than a frame is one of its own. */
export function* parts(rows: MetricRows): Generator<Part> {
  let from = 0
  let size = 0
  for (let row = 0; row < rows.length; row++) {
    const more = sizeOf(rows, row)
    if (row > from && size + more > FRAME_BYTES) {
      yield { rows: part(rows, from, row), size }
      from = row
      size = 0
    }
    size += more
  }
  yield { rows: from === 0 ? rows : part(rows, from, rows.length), size }
}

const part = (rows: MetricRows, from: number, to: number): MetricRows =>
  copyRows(rows, (row) => row >= from && row < to)

/** Throws a refusal when a row that is larger than a frame cannot be made small enough for a block. */
export function checkLarge(section: BlockSection, { rows, size }: Part): void {
  if (size <= FRAME_BYTES) return
  const trial = new BlockEncoder({ compression: 'fast' })
  trial.add(section, rows)
  trial.finish()
}

function sizeOf(rows: MetricRows, row: number): number {
  const wide = rows.wide[row]
  const name = rows.name[row]!.length * 3 + 40
  if (wide === undefined || wide.kind === 'position') return name + 24
  if (wide.kind === 'state') return name + wide.value.length * 3
  if (wide.kind === 'waveform') return name + wide.samples.length * 4
  return name + JSON.stringify(wide.value).length * 3
}
