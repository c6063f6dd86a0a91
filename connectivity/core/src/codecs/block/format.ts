/**
 * The block: readings of many signals as columns, compressed; what an edge agent stores and sends. Layout in
 * docs/adr/0060. All integers are unsigned LEB128 varints unless said otherwise.
 *
 *   envelope  'M' 'B' version compression | body size u32le | CRC-32 of the body u32le | body, compressed
 *   body      texts, tags, sections
 *   text      length, UTF-8
 *   tag       kind u8, wide kind u8, unit (text + 1; 0: none), quality u32le
 *   section   connection, device, source (texts), columns
 *   column    name (text), rows, runs of tags (tag, length), times, then numbers, states, documents, positions and
 *             waveforms, each only where the tags say that there are any
 */

/** Where rows of a block come from. */
export interface BlockSection {
  /** `cnx_…`; empty: the agent's own signals. */
  readonly connection: string
  /** A device behind the connection; empty: the connection's own. */
  readonly device: string
  /** As the adapter named it, without its own id. */
  readonly source: string
}

/** Bounds of a block; both sides keep them. */
export const BLOCK = {
  /** Compressed. */
  bytes: 1024 * 1024,
  /** Body as it was before compression; and what its texts and documents come to when each row has its own. */
  decodedBytes: 16 * 1024 * 1024,
  rows: 500_000,
  sections: 20_000,
  columns: 100_000,
  texts: 200_000,
  /** Different mixes of kind, unit and quality. */
  tags: 65_535,
  sourceChars: 400,
  deviceChars: 120,
  connectionChars: 64,
} as const

export const VERSION = 1
export const STORED = 0
export const DEFLATE = 1
export const ZSTD = 2
export const ENVELOPE_BYTES = 12

/** What a row holds beside its number: `WideValue` kinds; a position without altitude is a kind of its own. */
export const WIDE = { none: 0, state: 1, document: 2, position: 3, positionWithAltitude: 4, waveform: 5 } as const
