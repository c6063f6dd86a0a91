import { BOUNDS } from './bounds.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

/**
 * May a metric, or a field of a document, be named so? `__proto__` is refused because the values end up as fields of
 * JavaScript objects, here or in a browser.
 */
export const isName = (name: string): boolean =>
  name.length > 0 && name.length <= BOUNDS.nameChars && name !== '__proto__' && !CONTROL.test(name)
