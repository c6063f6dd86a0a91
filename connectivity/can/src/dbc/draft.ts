import { MAX_DATA, MAX_J1939 } from '../frames/extract.ts'
import type { Dbc, DbcMessage, DbcSignal } from './model.ts'

/** A signal as it is put together from several statements. */
export interface SignalDraft {
  readonly name: string
  readonly start: number
  readonly length: number
  readonly littleEndian: boolean
  readonly signed: boolean
  readonly factor: number
  readonly offset: number
  readonly minimum: number
  readonly maximum: number
  readonly unit: string
  readonly multiplexor: boolean
  readonly multiplexedAt: number | undefined
  float: 0 | 32 | 64
  values: ReadonlyMap<number, string> | undefined
  ranges: { readonly by: string; readonly ranges: readonly (readonly [number, number])[] } | undefined
  readonly line: number
}

export interface MessageDraft {
  /** Bit 31 says that the identifier has 29 bits. */
  readonly number: number
  readonly name: string
  readonly length: number
  readonly sender: string | undefined
  readonly signals: Map<string, SignalDraft>
}

export interface Draft {
  readonly nodes: string[]
  readonly messages: Map<number, MessageDraft>
  readonly order: MessageDraft[]
  readonly attributes: Attributes
  readonly notes: string[]
  readonly valueTables: Map<string, Map<number, string>>
}

/** Attributes: defaults, enumerations, and values by owner (`''`, `BU_ node`, `BO_ number`, `SG_ number name`). */
export class Attributes {
  readonly defaults = new Map<string, string>()
  readonly enums = new Map<string, readonly string[]>()
  readonly comments = new Map<string, string>()
  readonly #values = new Map<string, Map<string, string>>()

  set(owner: string, name: string, value: string): void {
    const own = this.#values.get(owner) ?? new Map<string, string>()
    own.set(name, value)
    this.#values.set(owner, own)
  }

  /** An enumeration's value is given by its place or by its name: the name is returned. */
  of(owner: string, name: string): string | undefined {
    const given = this.own(owner, name) ?? this.defaults.get(name)
    const names = this.enums.get(name)
    return given !== undefined && names !== undefined && /^\d+$/.test(given) ? (names[Number(given)] ?? given) : given
  }

  /** Without its default. */
  own(owner: string, name: string): string | undefined {
    return this.#values.get(owner)?.get(name)
  }
}

/** Takes messages without a bus of their own. */
const INDEPENDENT = 'VECTOR__INDEPENDENT_SIG_MSG'
const NOBODY = 'Vector__XXX'
const EXTENDED = 2 ** 31

export function finish(draft: Draft): Dbc {
  const { attributes, notes } = draft
  const protocol = attributes.of('', 'ProtocolType')
  const longName = (owner: string, attribute: string, name: string) => attributes.own(owner, attribute)?.trim() || name
  const node = (name: string) => longName(`BU_ ${name}`, 'SystemNodeLongSymbol', name)
  const messages = draft.order.flatMap((each): DbcMessage[] => {
    const owner = `BO_ ${each.number}`
    const extended = each.number >= EXTENDED
    const id = extended ? each.number - EXTENDED : each.number
    if (each.name === INDEPENDENT) return []
    const name = longName(owner, 'SystemMessageLongSymbol', each.name)
    const limit = extended ? 0x1fff_ffff : 0x7ff
    if (id > limit || !Number.isInteger(id) || id < 0) {
      notes.push(`Message ${name} is left out: its identifier ${each.number} is out of range.`)
      return []
    }
    const format = attributes.of(owner, 'VFrameFormat') ?? ''
    const j1939 = extended && isGroup(attributes, owner, protocol)
    const longest = j1939 ? MAX_J1939 : MAX_DATA
    const signals = [...each.signals.values()].flatMap((signal) => signalOf(draft, each, signal, name, longest))
    const cycle = Number(attributes.of(owner, 'GenMsgCycleTime'))
    return [
      {
        id,
        extended,
        name,
        length: each.length,
        sender: each.sender === undefined || each.sender === NOBODY ? undefined : node(each.sender),
        signals,
        fd: !j1939 && (format.includes('FD') || each.length > 8),
        j1939,
        cycle: Number.isFinite(cycle) && cycle > 0 ? cycle : undefined,
        comment: attributes.comments.get(owner),
      },
    ]
  })
  const nodes = draft.nodes.map((name) => {
    const address = Number(attributes.own(`BU_ ${name}`, 'NmStationAddress') ?? Number.NaN)
    return {
      name: node(name),
      address: Number.isInteger(address) && address >= 0 && address < 254 ? address : undefined,
    }
  })
  return { messages, nodes, protocol, notes }
}

/** A message that says its format is of that one; others are what the database as a whole is. */
function isGroup(attributes: Attributes, owner: string, protocol: string | undefined): boolean {
  const format = attributes.of(owner, 'VFrameFormat')
  if (format === 'J1939PG' || format === '3') return true
  return attributes.own(owner, 'VFrameFormat') === undefined && protocol === 'J1939'
}

function signalOf(
  { attributes, notes }: Draft,
  message: MessageDraft,
  signal: SignalDraft,
  messageName: string,
  longest: number,
): DbcSignal[] {
  const owner = `SG_ ${message.number} ${signal.name}`
  const name = attributes.own(owner, 'SystemSignalLongSymbol')?.trim() || signal.name
  const { start, length, float } = signal
  const bits = Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length > 0
  const fits = bits && start < 8 * longest && length <= 64 && (float === 0 || length === float)
  if (!fits) {
    notes.push(
      `Line ${signal.line}: ${messageName}.${name} is left out: it has ${length} bits from bit ${start} on${float ? ` as a float of ${float}` : ''}.`,
    )
    return []
  }
  const { multiplexedAt, ranges, line: _line, ...rest } = signal
  const spn = Number(attributes.own(owner, 'SPN') ?? Number.NaN)
  return [
    {
      ...rest,
      name,
      multiplexed: ranges ?? multiplexedBy(message, multiplexedAt, notes, messageName, name),
      comment: attributes.comments.get(owner),
      spn: Number.isInteger(spn) && spn > 0 ? spn : undefined,
    },
  ]
}

/** Simple multiplexing names no multiplexor: the message has one. */
function multiplexedBy(
  { signals }: MessageDraft,
  at: number | undefined,
  notes: string[],
  message: string,
  name: string,
): DbcSignal['multiplexed'] {
  if (at === undefined) return undefined
  const multiplexors = [...signals.values()].filter(
    ({ multiplexor, multiplexedAt }) => multiplexor && multiplexedAt === undefined,
  )
  const by = multiplexors[0]
  if (by === undefined) notes.push(`${message}.${name} is read always: its message has no multiplexor.`)
  return by && { by: by.name, ranges: [[at, at]] }
}
