/** A CAN database (Vector's DBC format), as far as reading frames needs it. */
export interface Dbc {
  readonly messages: readonly DbcMessage[]
  readonly nodes: readonly DbcNode[]
  /** `J1939` when the database says that it is of that protocol. */
  readonly protocol: string | undefined
  /** What was left out or guessed, in words. */
  readonly notes: readonly string[]
}

export interface DbcNode {
  readonly name: string
  /** J1939 (NmStationAddress). */
  readonly address: number | undefined
}

export interface DbcMessage {
  /** 11 or 29 bits. */
  readonly id: number
  readonly extended: boolean
  readonly name: string
  /** Bytes. */
  readonly length: number
  /** The node that sends it; undefined: none is named. */
  readonly sender: string | undefined
  readonly signals: readonly DbcSignal[]
  readonly fd: boolean
  readonly j1939: boolean
  /** ms; undefined: not cyclic. */
  readonly cycle: number | undefined
  readonly comment: string | undefined
}

export interface DbcSignal {
  readonly name: string
  /** As the database says: of big-endian signals the place of the most significant bit, bits of a byte counted from the least. */
  readonly start: number
  /** Bits. */
  readonly length: number
  readonly littleEndian: boolean
  readonly signed: boolean
  /** IEEE 754 of so many bits; 0: an integer. */
  readonly float: 0 | 32 | 64
  readonly factor: number
  readonly offset: number
  readonly minimum: number
  readonly maximum: number
  /** As the database says. */
  readonly unit: string
  /** It says which of the others are there. */
  readonly multiplexor: boolean
  /** It is there only when that signal has one of these values (raw, inclusive). */
  readonly multiplexed: { readonly by: string; readonly ranges: readonly (readonly [number, number])[] } | undefined
  /** Raw value -> name. */
  readonly values: ReadonlyMap<number, string> | undefined
  readonly comment: string | undefined
  /** J1939 suspect parameter number. */
  readonly spn: number | undefined
}
