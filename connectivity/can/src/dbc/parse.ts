import { isUtf8 } from 'node:buffer'
import { canErrors } from '../errors.ts'
import { Attributes, type Draft, finish, type MessageDraft, type SignalDraft } from './draft.ts'
import type { Dbc } from './model.ts'
import { type Token, tokens } from './tokens.ts'

const MAX_BYTES = 8 << 20
const MAX_MESSAGES = 20_000
const MAX_SIGNALS = 200_000
const MAX_OF_MESSAGE = 4096
/** Statements that begin at the margin; what is none of them ends at its semicolon. */
const SECTIONS = new Set([
  ...[
    'VERSION',
    'NS_',
    'BS_',
    'BU_',
    'VAL_TABLE_',
    'BO_',
    'SG_',
    'BO_TX_BU_',
    'EV_',
    'ENVVAR_DATA_',
    'SGTYPE_',
    'SIG_GROUP_',
  ],
  ...[
    'CM_',
    'BA_DEF_',
    'BA_DEF_DEF_',
    'BA_',
    'VAL_',
    'SIG_VALTYPE_',
    'SG_MUL_VAL_',
    'BA_DEF_REL_',
    'BA_REL_',
    'BA_DEF_DEF_REL_',
  ],
  ...[
    'CAT_DEF_',
    'CAT_',
    'FILTER',
    'SIG_TYPE_REF_',
    'BU_SG_REL_',
    'BU_EV_REL_',
    'BU_BO_REL_',
    'EV_DATA_',
    'SGTYPE_VAL_',
  ],
])
const decoder = new TextDecoder('windows-1252')

/** The text of a database file: UTF-8 when it is that, else Windows-1252, in which most tools write. */
export const dbcText = (file: Uint8Array): string => {
  if (file.length > MAX_BYTES) throw canErrors.dbcTooLarge({ size: file.length, limit: MAX_BYTES })
  return isUtf8(file) ? Buffer.from(file).toString() : decoder.decode(file)
}

/** Reads a CAN database. Throws a MillwrightError that names the line when it cannot be read. */
export function parseDbc(text: string): Dbc {
  if (text.length > MAX_BYTES) throw canErrors.dbcTooLarge({ size: text.length, limit: MAX_BYTES })
  return new Parser(tokens(text)).parse()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  readonly #draft: Draft = {
    nodes: [],
    messages: new Map(),
    order: [],
    attributes: new Attributes(),
    notes: [],
    valueTables: new Map(),
  }
  #signals = 0

  constructor(all: readonly Token[]) {
    this.#tokens = all
  }

  parse(): Dbc {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at]!
      if (token.kind !== 'word' || !SECTIONS.has(token.text)) {
        // Left over from a statement we do not know.
        this.#at++
        continue
      }
      this.#at++
      this.#statement(token)
    }
    return finish(this.#draft)
  }

  #statement(keyword: Token): void {
    switch (keyword.text) {
      case 'NS_':
        // A list of keywords, indented.
        while (this.#peek() !== undefined && !this.#peek()!.atMargin) this.#at++
        break
      case 'BU_':
        if (this.#peek()?.text === ':') this.#nodes()
        break
      case 'BO_':
        this.#message()
        break
      case 'SG_':
        this.#signal(keyword)
        break
      case 'VERSION':
        if (this.#peek()?.kind === 'text') this.#at++
        break
      case 'BS_':
        break
      default:
        this.#described(keyword.text)
        this.#end()
    }
  }

  /** Statements that end with a semicolon. */
  #described(keyword: string): void {
    if (keyword === 'VAL_TABLE_') this.#draft.valueTables.set(this.#text('word'), this.#pairs())
    else if (keyword === 'VAL_') this.#values()
    else if (keyword === 'CM_') this.#comment()
    else if (keyword === 'BA_DEF_') this.#attributeDefinition()
    else if (keyword === 'BA_DEF_DEF_') this.#draft.attributes.defaults.set(this.#text('text'), this.#next().text)
    else if (keyword === 'BA_') this.#attribute()
    else if (keyword === 'SIG_VALTYPE_') this.#valueType()
    else if (keyword === 'SG_MUL_VAL_') this.#multiplexing()
  }

  #nodes(): void {
    this.#at++
    for (let token = this.#peek(); token?.kind === 'word' && !SECTIONS.has(token.text); token = this.#peek()) {
      this.#draft.nodes.push(token.text)
      this.#at++
    }
  }

  #message(): void {
    const number = this.#number()
    const name = this.#text('word')
    this.#sign(':')
    const length = this.#number()
    const sender = this.#peek()?.kind === 'word' && !SECTIONS.has(this.#peek()!.text) ? this.#next().text : undefined
    if (this.#draft.order.length >= MAX_MESSAGES)
      throw canErrors.dbcTooMany({ things: 'messages', limit: MAX_MESSAGES })
    const message: MessageDraft = { number, name, length, sender, signals: new Map() }
    if (!this.#draft.messages.has(number)) this.#draft.messages.set(number, message)
    this.#draft.order.push(message)
  }

  /** `SG_ name m2M : 0|8@1- (1,0) [0|0] "unit" receiver,receiver` */
  #signal(keyword: Token): void {
    const message = this.#draft.order.at(-1)
    if (message === undefined) throw this.#fail(keyword, 'a signal stands before the first message')
    if (++this.#signals > MAX_SIGNALS) throw canErrors.dbcTooMany({ things: 'signals', limit: MAX_SIGNALS })
    if (message.signals.size >= MAX_OF_MESSAGE)
      throw canErrors.dbcTooMany({ things: 'signals in a message', limit: MAX_OF_MESSAGE })
    const name = this.#text('word')
    let multiplexor = false
    let multiplexedAt: number | undefined
    const role = this.#peek()
    if (role?.kind === 'word') {
      const match = /^(?:m(\d+))?(M)?$/.exec(role.text)
      if (match === null) throw this.#fail(role, `"${role.text}" is no multiplexing of a signal`)
      multiplexedAt = match[1] === undefined ? undefined : Number(match[1])
      multiplexor = match[2] !== undefined
      this.#at++
    }
    this.#sign(':')
    const start = this.#number()
    this.#sign('|')
    const length = this.#number()
    this.#sign('@')
    const [order, signed] = this.#layout()
    this.#sign('(')
    const factor = this.#number()
    this.#sign(',')
    const offset = this.#number()
    this.#sign(')')
    this.#sign('[')
    const minimum = this.#number()
    this.#sign('|')
    const maximum = this.#number()
    this.#sign(']')
    const unit = this.#text('text')
    // Receivers.
    while (this.#peek() !== undefined && !SECTIONS.has(this.#peek()!.text)) this.#at++
    const signal: SignalDraft = {
      ...{ name, start, length, littleEndian: order === 1, signed, factor, offset, minimum, maximum, unit },
      ...{ multiplexor, multiplexedAt, float: 0, values: undefined, ranges: undefined, line: keyword.line },
    }
    message.signals.set(name, signal)
  }

  /** `1-`, `0+`: which end comes first, and whether there is a sign. */
  #layout(): [number, boolean] {
    const token = this.#next()
    const order = Number(token.text)
    const sign = this.#next()
    if (token.kind !== 'number' || (order !== 0 && order !== 1) || (sign.text !== '+' && sign.text !== '-'))
      throw this.#fail(token, 'a signal has neither @0 nor @1, followed by + or -')
    return [order, sign.text === '-']
  }

  #values(): void {
    // Of an environment variable, otherwise.
    if (this.#peek()?.kind !== 'number') return
    const signal = this.#signalOf()
    // A name of a table may stand for its pairs.
    const table = this.#peek()?.kind === 'word' ? this.#draft.valueTables.get(this.#next().text) : undefined
    const values = table ?? this.#pairs()
    if (signal !== undefined && values.size > 0) signal.values = values
  }

  #pairs(): Map<number, string> {
    const pairs = new Map<number, string>()
    while (this.#peek()?.kind === 'number') {
      const value = this.#number()
      pairs.set(value, this.#text('text'))
    }
    return pairs
  }

  #comment(): void {
    const on = this.#peek()
    if (on?.kind === 'word') this.#at++
    let key: string | undefined
    if (on?.text === 'BO_') key = `BO_ ${this.#number()}`
    else if (on?.text === 'SG_') key = `SG_ ${this.#number()} ${this.#text('word')}`
    else if (on?.kind === 'word') this.#next()
    const text = this.#peek()
    if (key !== undefined && text?.kind === 'text') this.#draft.attributes.comments.set(key, text.text)
  }

  #attributeDefinition(): void {
    if (this.#peek()?.kind === 'word') this.#at++
    const name = this.#text('text')
    const type = this.#next()
    if (type.text === 'ENUM') {
      const names: string[] = []
      while (this.#peek()?.kind === 'text' || this.#peek()?.text === ',') {
        const token = this.#next()
        if (token.kind === 'text') names.push(token.text)
      }
      this.#draft.attributes.enums.set(name, names)
    }
  }

  #attribute(): void {
    const name = this.#text('text')
    const on = this.#peek()
    let owner = ''
    if (on?.kind === 'word') {
      this.#at++
      if (on.text === 'BO_') owner = `BO_ ${this.#number()}`
      else if (on.text === 'SG_') owner = `SG_ ${this.#number()} ${this.#text('word')}`
      else owner = `${on.text} ${this.#text('word')}`
    }
    this.#draft.attributes.set(owner, name, this.#next().text)
  }

  #valueType(): void {
    const signal = this.#signalOf()
    if (this.#peek()?.text === ':') this.#at++
    const type = this.#number()
    if (signal !== undefined) signal.float = type === 1 ? 32 : type === 2 ? 64 : 0
  }

  /** `SG_MUL_VAL_ 2024 signal multiplexor 0-5, 8-8;` */
  #multiplexing(): void {
    const signal = this.#signalOf()
    const by = this.#text('word')
    const ranges: [number, number][] = []
    while (this.#peek()?.kind === 'number') {
      const low = this.#number()
      // The hyphen between them is read as a sign.
      const high = Math.abs(this.#number())
      ranges.push([low, high])
      if (this.#peek()?.text === ',') this.#at++
    }
    if (signal !== undefined && ranges.length > 0) signal.ranges = { by, ranges }
  }

  #signalOf(): SignalDraft | undefined {
    const number = this.#number()
    return this.#draft.messages.get(number)?.signals.get(this.#text('word'))
  }

  /** Passes over the rest of a statement: up to its semicolon, or to the next one when that was forgotten. */
  #end(): void {
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      if (token.atMargin && token.kind === 'word' && SECTIONS.has(token.text)) return
      this.#at++
      if (token.text === ';' && token.kind === 'sign') return
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  #next(): Token {
    const token = this.#tokens[this.#at++]
    if (token === undefined)
      throw canErrors.dbcSyntax({ line: this.#tokens.at(-1)?.line ?? 1, what: 'it ends within a statement' })
    return token
  }

  #text(kind: Token['kind']): string {
    const token = this.#next()
    if (token.kind !== kind)
      throw this.#fail(
        token,
        `"${token.text.slice(0, 40)}" stands where a ${kind === 'text' ? 'text in quotes' : 'name'} is expected`,
      )
    return token.text
  }

  #number(): number {
    const token = this.#next()
    const value = Number(token.text)
    if (token.kind !== 'number' || !Number.isFinite(value))
      throw this.#fail(token, `"${token.text.slice(0, 40)}" stands where a number is expected`)
    return value
  }

  #sign(sign: string): void {
    const token = this.#next()
    if (token.text !== sign) throw this.#fail(token, `"${token.text.slice(0, 40)}" stands where ${sign} is expected`)
  }

  #fail({ line }: Token, what: string) {
    return canErrors.dbcSyntax({ line, what })
  }
}
