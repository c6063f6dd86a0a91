/** Bounds on what a payload and an edge node may hold. Whatever is over is refused, never grown into. */
export const BOUNDS = {
  /** One payload, and one compressed body after it was unpacked. */
  payloadBytes: 8 * 1024 * 1024,
  /** Metrics of one payload, members of templates included. */
  metrics: 100_000,
  nameBytes: 800,
  nameChars: 200,
  stringBytes: 64 * 1024,
  /** Bytes, File: kept as base64 in a document. */
  binaryBytes: 256 * 1024,
  /** Templates within templates, property sets within property sets. */
  depth: 8,
  /** Cells of one DataSet. */
  cells: 100_000,
  columns: 1_000,
  /** Elements of one array. */
  elements: 262_144,
  properties: 200,
  /** Metrics that one edge node or device has announced. */
  metricsPerDevice: 50_000,
} as const
