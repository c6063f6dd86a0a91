import { modbusErrors } from '../errors.ts'

/** One line of the file and its cells. */
export interface CsvLine {
  readonly number: number
  readonly cells: readonly string[]
}

const MOST_LINES = 100_000

/**
 * Reads text separated by commas, semicolons or tabs (whichever the first line has most of), quoted as RFC 4180 says.
 * Empty lines and lines that begin with # are left out. Throws a MillwrightError that names the line.
 */
export function readCsv(text: string): CsvLine[] {
  const rows = text.replace(/^\ufeff/, '')
  const head = rows.slice(0, rows.search(/\r?\n|$/))
  const separator = [',', ';', '\t'].reduce((best, each) => (count(head, each) > count(head, best) ? each : best))
  const lines: CsvLine[] = []
  let at = 0
  let number = 1
  while (at < rows.length) {
    const line = readLine(rows, at, separator, number)
    if (line.cells.some((cell) => cell !== '') && !line.cells[0]!.startsWith('#'))
      lines.push({ number, cells: line.cells })
    if (lines.length > MOST_LINES) throw modbusErrors.csv({ what: `The file has more than ${MOST_LINES} lines.` })
    at = line.next
    number += line.lines
  }
  return lines
}

const count = (text: string, part: string) => text.split(part).length - 1

function readLine(text: string, start: number, separator: string, number: number) {
  const cells: string[] = []
  let at = start
  let lines = 1
  for (;;) {
    let cell = ''
    if (text[at] === '"') {
      const end = closing(text, at, number)
      cell = text.slice(at + 1, end).replaceAll('""', '"')
      lines += count(cell, '\n')
      at = end + 1
      if (at < text.length && ![separator, '\r', '\n'].includes(text[at]!)) {
        throw modbusErrors.csv({ what: `Line ${number}: there is text after a closing quotation mark.` })
      }
    } else {
      let end = at
      while (end < text.length && text[end] !== separator && text[end] !== '\n') end++
      cell = text.slice(at, end)
      at = end
    }
    cells.push(cell.trim())
    while (text[at] === '\r') at++
    if (text[at] === separator) at++
    else return { cells, next: at + 1, lines }
  }
}

function closing(text: string, open: number, number: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] !== '"') continue
    if (text[at + 1] !== '"') return at
    at++
  }
  throw modbusErrors.csv({ what: `Line ${number}: a quotation mark is not closed.` })
}
