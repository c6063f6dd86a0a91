import { DAY, type Micros } from '@millwright/foundation'

/** Bounds on what a payload may hold; every decoder keeps them. Whatever is over is refused as a whole. */
export const BOUNDS = {
  payloadBytes: 1024 * 1024,
  /** Levels of nesting, the outermost object or array being the first. */
  depth: 16,
  /** Metrics in one message (one `values` object, one SenML pack's distinct names are bounded by its rows). */
  metrics: 5_000,
  /** Rows of one payload, over all its messages: what a megabyte of the shortest metrics could hold is more. */
  rows: 100_000,
  nameChars: 200,
  unitChars: 40,
  /** One string value. */
  stringBytes: 64 * 1024,
  /** Samples of one waveform: 10 s at 25.6 kHz. */
  samples: 262_144,
  /** Characters of one number: more digits than any float or decimal needs. */
  numberChars: 400,
} as const

/** 2000-01-01T00:00:00Z. Nothing measured before this reaches us by telemetry: such a clock was never set. */
export const EARLIEST: Micros = 946_684_800_000_000

/** How far ahead of the server's time a reading may lie. */
export const FURTHEST_AHEAD: Micros = DAY
