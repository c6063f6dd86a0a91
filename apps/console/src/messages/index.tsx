import { Fragment, type ReactNode } from 'react'
import { preferences } from '../app/preferences.ts'
import { en } from './en/index.ts'
import { fill, type KeyOf, pieces, sentence, type ValuesOf } from './translate.ts'

type English = typeof en
export type MessageKey = KeyOf<English>
/** Keys of messages that need no values: what data tables of labels may hold. */
export type PlainKey = { [K in MessageKey]: ValuesOf<English, K> extends [] ? K : never }[MessageKey]

export const locale = (): string => preferences().locale || navigator.language || 'en'

/** The text of a key, in the viewer's locale. */
export function t<K extends MessageKey>(key: K, ...values: ValuesOf<English, K>): string {
  const given = (values[0] ?? {}) as Record<string, string | number>
  const n = given['n']
  return fill(sentence(en, key, typeof n === 'number' ? n : undefined, 'en'), given, locale())
}

/** A text whose places are filled with links, marks and the like; `n` picks the plural form. */
export function Say<K extends MessageKey>({ id, values }: { id: K; values: ValuesOf<English, K, ReactNode>[0] }) {
  const given = (values ?? {}) as Record<string, ReactNode>
  const n = given['n']
  const parts = pieces(sentence(en, id, typeof n === 'number' ? n : undefined, 'en'))
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
    <Fragment key={index}>{'text' in part ? part.text : given[part.place]}</Fragment>
  ))
}
