import { stripVTControlCharacters } from 'node:util'

/**
 * Names come from people and devices, and a terminal obeys what it is sent: escape sequences, control characters and
 * marks that turn the direction of text are taken out before anything is shown (terminal injection, CVE-2003-0063 and
 * kin; "Trojan Source", CVE-2021-42574). Line ends and tabs become spaces: a cell stays on its line.
 */
export function clean(untrusted: string): string {
  if (/^[\x20-\x7e]*$/.test(untrusted)) return untrusted
  return (
    stripVTControlCharacters(untrusted)
      .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
      .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
      .toWellFormed()
  )
}

/** Text of several lines, each cleaned. */
export const cleanLines = (untrusted: string): string[] => untrusted.split(/\r?\n/).map(clean)

/** JSON in which a terminal finds nothing to obey: what JSON leaves as it is above U+007E and obeyed is escaped. */
export function safeJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? 'null').replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
