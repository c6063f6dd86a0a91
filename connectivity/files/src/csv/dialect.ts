import { isUtf8 } from 'node:buffer'
import type { FilesConfig } from '../config.ts'

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le'

/** How a text file is written, settled once for the whole of it. */
export interface Dialect {
  readonly encoding: Encoding
  /** Bytes of the byte order mark. */
  readonly mark: number
  readonly delimiter: string
  readonly decimal: '.' | ','
}

const NAMES = { tab: '\t', space: ' ' } as const
const CANDIDATES = [';', '\t', ',', '|'] as const
const LINES = 30

/** @param head the first bytes of the file, cut behind a line */
export function dialectOf(head: Buffer, config: FilesConfig['csv']): Dialect {
  const { encoding, mark } = encodingOf(head, config.encoding)
  const text = decode(head.subarray(mark), encoding)
  const lines = text
    .split(/\r?\n/)
    .slice(config.header === 0 ? 0 : config.header - 1)
    .filter((line) => line.trim() !== '' && !(config.comment !== '' && line.startsWith(config.comment)))
    .slice(0, LINES)
  const delimiter =
    config.delimiter === 'auto'
      ? guessDelimiter(lines)
      : config.delimiter in NAMES
        ? NAMES[config.delimiter as 'tab']
        : config.delimiter
  const decimal = config.decimal === 'auto' ? guessDecimal(lines, delimiter) : config.decimal
  return { encoding, mark, delimiter, decimal }
}

const decoder = new TextDecoder('windows-1252')

/** Bytes that are not of the encoding become the replacement character: a damaged cell does not stop a file. */
export function decode(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'utf-8') return bytes.toString('utf8')
  return encoding === 'utf-16le' ? bytes.toString('utf16le') : decoder.decode(bytes)
}

function encodingOf(head: Buffer, wanted: FilesConfig['csv']['encoding']): { encoding: Encoding; mark: number } {
  const utf8 = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
  const utf16 = head[0] === 0xff && head[1] === 0xfe
  if (wanted === 'auto')
    return utf16
      ? { encoding: 'utf-16le', mark: 2 }
      : { encoding: utf8 || isUtf8(head) ? 'utf-8' : 'windows-1252', mark: utf8 ? 3 : 0 }
  return { encoding: wanted, mark: wanted === 'utf-8' && utf8 ? 3 : wanted === 'utf-16le' && utf16 ? 2 : 0 }
}

/** The sign that stands equally often, and most often, in the lines. */
function guessDelimiter(lines: readonly string[]): string {
  let best: { sign: string; score: number } = { sign: ',', score: 0 }
  for (const sign of CANDIDATES) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(sign).length - 1)
    const first = counts[0] ?? 0
    const alike = counts.filter((count) => count === first).length
    const score = first === 0 ? 0 : (alike / counts.length) * 100 + Math.min(first, 50)
    if (score > best.score) best = { sign, score }
  }
  return best.sign
}

/** A comma, when cells look like 12,5 and none like 12.5. */
function guessDecimal(lines: readonly string[], delimiter: string): '.' | ',' {
  if (delimiter === ',') return '.'
  const cells = lines.flatMap((line) => line.split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, '')))
  const like = (sign: string) =>
    cells.filter((cell) => new RegExp(`^[+-]?\\d*\\${sign}\\d+(?:[eE][+-]?\\d+)?$`).test(cell)).length
  return like(',') > like('.') ? ',' : '.'
}
