import type { Micros } from '@millwright/foundation'
import { type FrameBytes, MAX_DATA } from '../frames/extract.ts'

/** A line of a log or of candump, read in place. */
export class FrameLine {
  id = 0
  extended = false
  time: Micros = 0
  channel = ''
  /** A remote request or an error frame: it carries no signals. */
  empty = false
  readonly #frame: FrameBytes

  constructor(frame: FrameBytes) {
    this.#frame = frame
  }

  /**
   * `(1436509052.249713) can0 18FEEE00#64FFFFFFFFFFFFFF`, `123##1AABB` (FD), `123#R`, as candump -l, -L and canplayer write.
   * @returns what is wrong
   */
  readCandump(text: string, start: number, end: number): string | undefined {
    let at = text.indexOf(')', start)
    if (text.charCodeAt(start) !== 40 || at < 0 || at >= end) return 'it has no time in parentheses'
    const time = readSeconds(text, start + 1, at)
    if (Number.isNaN(time)) return 'its time is no number of seconds'
    this.time = time
    at = skipSpaces(text, at + 1, end)
    const channelEnd = nextSpace(text, at, end)
    if (!text.startsWith(this.channel, at) || this.channel.length !== channelEnd - at)
      this.channel = text.slice(at, channelEnd)
    at = skipSpaces(text, channelEnd, end)
    const hash = text.indexOf('#', at)
    // candump's view for people: `can0  123   [8]  DE AD`.
    if (hash < 0 || hash >= end) return this.#readSpaced(text, at, end)
    if (!this.#readId(text, at, hash)) return 'its identifier is no hexadecimal number of 3 or 8 digits'
    at = hash + 1
    const fd = text.charCodeAt(at) === 35
    if (fd) at += 2
    const dataEnd = nextSpace(text, at, end)
    this.empty ||= !fd && (text.charCodeAt(at) | 32) === 114
    if (this.empty) return undefined
    return this.#readData(text, at, dataEnd)
  }

  /** A data frame of Vector's ASC: `0.0159 1  18FEEE00x  Rx   d 8 64 FF …`. @returns what is wrong; `false`: no frame */
  readAsc(text: string, start: number, end: number, decimal: boolean, zero: Micros): string | false | undefined {
    const words = text.slice(start, end).trim().split(/\s+/)
    const time = readSeconds(words[0]!, 0, words[0]!.length)
    if (Number.isNaN(time) || words.length < 4) return false
    let at = 1
    let length: number
    if (words[1] === 'CANFD') {
      // CANFD channel direction id [name] brs esi dlc length data…
      this.channel = words[2]!
      const name = /^[0-9a-fA-F]$/.test(words[5] ?? '') && words[5]!.length === 1 && /^[01]$/.test(words[5]!) ? 0 : 1
      if (!this.#readAscId(words[4] ?? '', decimal)) return false
      length = Number(words[8 + name])
      at = 9 + name
    } else {
      this.channel = words[1]!
      if (!/^\d+$/.test(words[1]!) || !this.#readAscId(words[2]!, decimal)) return false
      if (words[4] !== 'd') {
        this.empty = true
        return words[4] === 'r' ? undefined : false
      }
      length = Number(words[5])
      at = 6
    }
    this.time = zero + time
    if (!Number.isInteger(length) || length < 0 || length > MAX_DATA || words.length < at + length)
      return 'it has fewer bytes than it says'
    for (let byte = 0; byte < length; byte++) {
      const value = Number.parseInt(words[at + byte]!, decimal ? 10 : 16)
      if (!(value >= 0 && value <= 255)) return 'a byte is no number'
      this.#frame.bytes[byte] = value
    }
    this.#frame.finish(length)
    return undefined
  }

  #readAscId(word: string, decimal: boolean): boolean {
    const match = (decimal ? /^(\d{1,10})(x?)$/ : /^([0-9a-fA-F]{1,8})(x?)$/).exec(word)
    if (match === null) return false
    this.id = Number.parseInt(match[1]!, decimal ? 10 : 16)
    this.extended = match[2] === 'x'
    this.empty = false
    return this.id <= (this.extended ? 0x1fff_ffff : 0x7ff)
  }

  #readSpaced(text: string, start: number, end: number): string | undefined {
    const match =
      /^([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})\s+\[(\d{1,2})\]\s*((?:[0-9A-Fa-f]{2}(?:\s|$))*|remote request.*)/.exec(
        text.slice(start, end),
      )
    if (match === null) return 'it is no frame'
    this.#readId(match[1]!, 0, match[1]!.length)
    this.empty ||= match[3]!.startsWith('remote')
    if (this.empty) return undefined
    const data = match[3]!.replace(/\s+/g, '')
    return data.length === Number(match[2]) * 2
      ? this.#readData(data, 0, data.length)
      : 'it has fewer bytes than it says'
  }

  #readId(text: string, start: number, end: number): boolean {
    const digits = end - start
    if (digits !== 3 && digits !== 8) return false
    let id = 0
    for (let at = start; at < end; at++) {
      const digit = HEX[text.charCodeAt(at)] ?? -1
      if (digit < 0) return false
      id = id * 16 + digit
    }
    this.extended = digits === 8
    // Flags of SocketCAN in the upper bits: an error frame is no frame of a node.
    this.empty = id >= 0x2000_0000
    this.id = id % 0x2000_0000
    return this.extended || id <= 0x7ff
  }

  #readData(text: string, start: number, end: number): string | undefined {
    const { bytes } = this.#frame
    let length = 0
    for (let at = start; at < end; at += 2) {
      // Some tools put points between bytes.
      if (text.charCodeAt(at) === 46) at++
      const high = HEX[text.charCodeAt(at)] ?? -1
      const low = HEX[text.charCodeAt(at + 1)] ?? -1
      if (high < 0 || low < 0 || at + 1 >= end) return 'its data are no pairs of hexadecimal digits'
      if (length === MAX_DATA) return `it has more than ${MAX_DATA} bytes`
      bytes[length++] = high * 16 + low
    }
    this.#frame.finish(length)
    return undefined
  }
}

const HEX = new Int8Array(128).fill(-1)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  HEX[digit.charCodeAt(0)] = value
  HEX[digit.toUpperCase().charCodeAt(0)] = value
}

/** Seconds with up to nine decimals, as exact µs. */
export function readSeconds(text: string, start: number, end: number): Micros {
  let whole = 0
  let micros = 0
  let decimals = -1
  if (end === start || end - start > 21) return Number.NaN
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit >= 0 && digit <= 9) {
      if (decimals < 0) whole = whole * 10 + digit
      else if (decimals++ < 6) micros = micros * 10 + digit
    } else if (digit === -2 && decimals < 0) decimals = 0
    else return Number.NaN
  }
  for (let at = Math.max(0, decimals); at < 6; at++) micros *= 10
  return whole * 1e6 + micros
}

function skipSpaces(text: string, from: number, end: number): number {
  let at = from
  while (at < end && text.charCodeAt(at) <= 32) at++
  return at
}

function nextSpace(text: string, from: number, end: number): number {
  let at = from
  while (at < end && text.charCodeAt(at) > 32) at++
  return at
}
