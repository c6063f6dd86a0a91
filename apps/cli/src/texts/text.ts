import { en } from './en/index.ts'

/** A message is a sentence with `{name}` places, or one sentence for one and one for many of its place `n`. */
export type Message = string | { readonly one: string; readonly other: string }
export type Area = Readonly<Record<string, Message>>

type Catalogue = typeof en
type Places<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never
type SentenceOf<M> = M extends string ? M : M extends { readonly other: infer O extends string } ? O | '{n}' : never

/** Every key of the catalogue, as `alarms.acknowledged`. */
export type TextKey = { [A in keyof Catalogue & string]: `${A}.${keyof Catalogue[A] & string}` }[keyof Catalogue &
  string]
type At<K extends string> = K extends `${infer A}.${infer N}`
  ? A extends keyof Catalogue
    ? N extends keyof Catalogue[A]
      ? Catalogue[A][N]
      : never
    : never
  : never
type ValuesOf<K extends TextKey> = [Places<SentenceOf<At<K>>>] extends [never]
  ? []
  : [values: Record<Places<SentenceOf<At<K>>>, string | number>]

/** Keys of sentences without places. */
export type PlainKey = { [K in TextKey]: ValuesOf<K> extends [] ? K : never }[TextKey]

/** The sentence of a key, its places filled. All that a person reads comes through here. */
export function text<K extends TextKey>(key: K, ...[values]: ValuesOf<K>): string {
  const dot = key.indexOf('.')
  const areas: Readonly<Record<string, Area>> = en
  const message = areas[key.slice(0, dot)]?.[key.slice(dot + 1)]
  if (message === undefined) throw new Error(`no message for the key ${key}`)
  const given: Readonly<Record<string, string | number>> = values ?? {}
  const sentence = typeof message === 'string' ? message : given['n'] === 1 ? message.one : message.other
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(given[name] ?? place))
}
