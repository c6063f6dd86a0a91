import type { Match } from './template.ts'

/** More fields than any line of a device has. */
export const MOST_FIELDS = 1_000

/** Columns by their order, quoted with " where needed. A line must have all of them; more are left out. */
export function compileSplit(separator: string, columns: readonly string[]): Match {
  return (line, fields) => {
    fields.length = 0
    let at = 0
    for (let column = 0; column < columns.length; column++) {
      if (at < 0) return false
      const cell = readCell(line, at, separator)
      const name = columns[column]!
      if (name !== '') fields.push(name, cell.text)
      at = cell.next
    }
    return true
  }
}

/** Names with values, as `T=21.5 state="in service"`. What is no pair makes the line one that does not fit. */
export function compilePairs(separator: string, assign: string): Match {
  const blanks = separator.trim() === ''
  return (line, fields) => {
    fields.length = 0
    let at = 0
    while (at >= 0 && at < line.length) {
      if (blanks || line[at] === ' ') {
        while (line[at] === ' ' || line[at] === '\t') at++
        if (at >= line.length) break
      }
      const equals = line.indexOf(assign, at)
      if (equals < 0) return false
      const name = line.slice(at, equals).trim()
      if (name === '' || name.includes(separator) || fields.length >= 2 * MOST_FIELDS) return false
      let start = equals + assign.length
      if (!blanks) while (line[start] === ' ') start++
      const cell = readCell(line, start, separator)
      fields.push(name, cell.text)
      at = cell.next
    }
    return fields.length > 0
  }
}

/** A cell, quoted or not; `next` is where the one after it begins, -1 when there is none. */
function readCell(line: string, at: number, separator: string): { text: string; next: number } {
  let start = at
  while (separator !== ' ' && line[start] === ' ') start++
  if (line[start] === '"') {
    const end = closingQuote(line, start)
    if (end >= 0) {
      const text = line.slice(start + 1, end).replaceAll('""', '"')
      const next = line.indexOf(separator, end + 1)
      return { text, next: next < 0 ? -1 : next + separator.length }
    }
  }
  const end = line.indexOf(separator, at)
  return end < 0
    ? { text: line.slice(at).trim(), next: -1 }
    : { text: line.slice(at, end).trim(), next: end + separator.length }
}

/** -1: it is not closed, and means itself. */
function closingQuote(line: string, open: number): number {
  for (let at = open + 1; at < line.length; at++) {
    if (line[at] !== '"') continue
    if (line[at + 1] !== '"') return at
    at++
  }
  return -1
}
