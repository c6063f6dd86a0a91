/**
 * A strict JSON (RFC 8259) reader over bytes. JSON.parse hides what telemetry must not: it takes the last of duplicate
 * keys, turns 1e400 into Infinity and lone surrogates through. This one reads straight into the caller's columns,
 * refuses all of that with the path of the offending value, and reads a repeated name without making a string.
 *
 * Use: `start(payload)`, then `enterObject()` and `while (nextKey())`, or `enterArray()` and `while (nextItem())`, with one
 * `read…` per key or item, and `finish()`.
 */
import { randomInt } from 'node:crypto'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { isName } from '../names.ts'
import { KeyTable } from './key-table.ts'
import { scanNumber } from './number.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What stands next: the kinds of JSON values. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

export class JsonReader {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  #depth = 0
  #first = false
  readonly #path: (string | number)[] = []
  #name = ''
  readonly #keys = new KeyTable(randomInt(2 ** 31))
  #number = { at: 0, value: 0 }

  start(payload: Uint8Array, from = 0, to = payload.length): void {
    this.#bytes = Buffer.isBuffer(payload)
      ? payload
      : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    this.#at = from
    this.#end = to
    this.#depth = 0
    this.#first = false
    this.#keys.begin()
  }

  /** Throws when anything but white space is left. */
  finish(): void {
    this.#space()
    if (this.#at < this.#end) throw this.#syntax('something stands after the end')
  }

  /** Offset of the next value's first byte. */
  get offset(): number {
    this.#space()
    return this.#at
  }

  /** Where the reader stands, as a JSON pointer (RFC 6901). */
  get path(): string {
    let path = ''
    for (let level = 1; level <= this.#depth; level++) {
      path += `/${String(this.#path[level]).replaceAll('~', '~0').replaceAll('/', '~1')}`
    }
    return path === '' ? '/' : path
  }

  /** What the next value is; throws when there is none. */
  peek(): JsonKind {
    this.#space()
    const byte = this.#at < this.#end ? this.#bytes[this.#at]! : 0
    if (byte === QUOTE) return 'string'
    if (byte === MINUS || (byte >= 0x30 && byte <= 0x39)) return 'number'
    if (byte === OPEN_OBJECT) return 'object'
    if (byte === OPEN_ARRAY) return 'array'
    if (byte === 0x74 || byte === 0x66) return 'boolean'
    if (byte === 0x6e) return 'null'
    // NaN, Infinity, +Infinity: written by many a careless serialiser, so named for what they are.
    if (byte === 0x4e || byte === 0x49) throw connectivityErrors.numberOutOfRange({ path: this.path })
    throw this.#syntax(this.#at >= this.#end ? 'it ends too early' : 'a value was expected')
  }

  /** Steps into an object. */
  enterObject(): void {
    if (this.peek() !== 'object') throw connectivityErrors.wrongType({ path: this.path, expected: 'an object' })
    this.#enter()
    this.#path[this.#depth] = ''
  }

  enterArray(): void {
    if (this.peek() !== 'array') throw connectivityErrors.wrongType({ path: this.path, expected: 'an array' })
    this.#enter()
    this.#path[this.#depth] = -1
  }

  /** To the next item; false at the array's end. */
  nextItem(): boolean {
    if (!this.#next(CLOSE_ARRAY)) return false
    this.#path[this.#depth] = (this.#path[this.#depth] as number) + 1
    return true
  }

  /** To the next key's value; undefined at the object's end. Duplicates are the caller's to find. */
  nextKey(): string | undefined {
    if (!this.#next(CLOSE_OBJECT)) return undefined
    this.#key(this.#keys.roomy)
    this.#path[this.#depth] = this.#name
    this.#colon()
    return this.#name
  }

  /** Begins a flat object whose keys `nextDistinctKey` reads; such objects do not stand within one another. */
  beginDistinct(): void {
    this.#keys.begin()
  }

  /** As `nextKey`, and throws when the key stood in the object before. */
  nextDistinctKey(): string | undefined {
    if (!this.#next(CLOSE_OBJECT)) return undefined
    const index = this.#key(true)
    this.#path[this.#depth] = this.#name
    if (this.#keys.mark(index)) throw connectivityErrors.duplicateKey({ path: this.path })
    this.#colon()
    return this.#name
  }

  /** Goes back (or on again) to the first byte of a value, as `offset` told it. */
  moveTo(offset: number): void {
    this.#at = offset
    this.#first = false
  }

  readNumber(): number {
    this.#space()
    const number = this.#number
    const fault = scanNumber(this.#bytes, this.#at, this.#end, number)
    if (fault === undefined) {
      this.#at = number.at
      return number.value
    }
    if (fault === 'range') throw connectivityErrors.numberOutOfRange({ path: this.path })
    if (this.peek() !== 'number') throw connectivityErrors.wrongType({ path: this.path, expected: 'a number' })
    throw this.#syntax(fault)
  }

  readBoolean(): boolean {
    if (this.peek() !== 'boolean') throw connectivityErrors.wrongType({ path: this.path, expected: 'true or false' })
    const value = this.#bytes[this.#at] === 0x74
    this.#word(value ? 'true' : 'false')
    return value
  }

  readNull(): null {
    this.#space()
    this.#word('null')
    return null
  }

  readString(limit: number = BOUNDS.stringBytes): string {
    if (this.peek() !== 'string') throw connectivityErrors.wrongType({ path: this.path, expected: 'a string' })
    const start = this.#at + 1
    const plain = this.#string()
    const end = this.#at - 1
    if (end - start > limit) throw connectivityErrors.valueTooLarge({ path: this.path, limit: `${limit} bytes` })
    return plain ? this.#bytes.toString('latin1', start, end) : this.#text(start, end)
  }

  /** Any value, as JSON.parse would give it, but strict. */
  readValue(): unknown {
    switch (this.peek()) {
      case 'number':
        return this.readNumber()
      case 'string':
        return this.readString()
      case 'boolean':
        return this.readBoolean()
      case 'null':
        return this.readNull()
      case 'array': {
        const items: unknown[] = []
        this.enterArray()
        while (this.nextItem()) items.push(this.readValue())
        return items
      }
      case 'object': {
        const fields: Record<string, unknown> = {}
        this.enterObject()
        for (let key = this.nextKey(); key !== undefined; key = this.nextKey()) {
          if (Object.hasOwn(fields, key)) throw connectivityErrors.duplicateKey({ path: this.path })
          fields[key] = this.readValue()
        }
        return fields
      }
    }
  }

  #enter(): void {
    this.#at++
    if (++this.#depth > BOUNDS.depth) {
      this.#depth--
      throw connectivityErrors.tooDeep({ path: this.path, limit: BOUNDS.depth })
    }
    this.#first = true
  }

  /** Past the comma, or past the end of the object or array (then false). */
  #next(close: number): boolean {
    this.#space()
    const byte = this.#at < this.#end ? this.#bytes[this.#at]! : 0
    if (byte === close) {
      this.#at++
      this.#depth--
      this.#first = false
      return false
    }
    if (this.#first) {
      this.#first = false
      return true
    }
    if (byte !== COMMA) throw this.#syntax(this.#at >= this.#end ? 'it ends too early' : 'a comma was expected')
    this.#at++
    return true
  }

  /** Reads a key into `#name`. @returns its index in the key table, or -1 when it is new and not to be kept */
  #key(keep: boolean): number {
    this.#space()
    if (this.#at >= this.#end || this.#bytes[this.#at] !== QUOTE) throw this.#syntax('a key in quotes was expected')
    const start = this.#at + 1
    const plain = this.#string()
    const end = this.#at - 1
    const index = plain ? this.#keys.find(this.#bytes, start, end) : -1
    if (index < 0) return this.#newKey(start, end, plain, keep)
    this.#name = this.#keys.name(index)
    return index
  }

  #colon(): void {
    this.#space()
    if (this.#at >= this.#end || this.#bytes[this.#at] !== COLON) throw this.#syntax('a colon was expected')
    this.#at++
  }

  #newKey(start: number, end: number, plain: boolean, keep: boolean): number {
    if (end - start > BOUNDS.nameChars * 6) throw connectivityErrors.invalidName({ path: this.path })
    const name = plain ? this.#bytes.toString('latin1', start, end) : this.#text(start, end)
    this.#name = name
    if (!isName(name)) throw connectivityErrors.invalidName({ path: this.path })
    // "\u0061" and "a" are one name: it is kept as what it says, not as it is written.
    const written = plain ? this.#bytes.subarray(start, end) : Buffer.from(name, 'utf8')
    const known = plain ? -1 : this.#keys.find(written, 0, written.length)
    return known >= 0 || !keep ? known : this.#keys.add(written, 0, written.length, name)
  }

  /** Past a string. @returns true when it is plain ASCII without escapes */
  #string(): boolean {
    const bytes = this.#bytes
    const end = this.#end
    let at = this.#at + 1
    let plain = true
    for (; at < end; at++) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        this.#at = at + 1
        return plain
      }
      if (byte === BACKSLASH) {
        plain = false
        at++
      } else if (byte >= 0x80) {
        plain = false
      } else if (byte < 0x20) {
        this.#at = at
        throw this.#syntax('a control character stands in a string')
      }
    }
    this.#at = end
    throw this.#syntax('a string does not end')
  }

  /** A string with escapes or beyond ASCII: slow, and checked for both. */
  #text(start: number, end: number): string {
    let text: string
    try {
      text = utf8.decode(this.#bytes.subarray(start, end))
    } catch (cause) {
      throw connectivityErrors.invalidUtf8({ path: this.path, offset: start, cause })
    }
    if (text.includes('\\')) {
      try {
        text = JSON.parse(`"${text}"`) as string
      } catch {
        throw this.#syntax('a string holds an escape that JSON does not know')
      }
    }
    // Half of a surrogate pair has no UTF-8: it could not be stored as it was sent.
    if (!text.isWellFormed()) throw connectivityErrors.invalidUtf8({ path: this.path, offset: start })
    return text
  }

  #word(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.#at + i >= this.#end || this.#bytes[this.#at + i] !== word.charCodeAt(i)) {
        throw this.#syntax('a value was expected')
      }
    }
    this.#at += word.length
  }

  #space(): void {
    const bytes = this.#bytes
    const end = this.#end
    let at = this.#at
    while (at < end) {
      const byte = bytes[at]!
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break
      at++
    }
    this.#at = at
  }

  #syntax(what: string) {
    return connectivityErrors.invalidSyntax({ format: 'JSON', what, offset: this.#at, path: this.path })
  }
}
