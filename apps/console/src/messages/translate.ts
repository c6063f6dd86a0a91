/** A message is a sentence with `{name}` places, or one sentence per plural form of its place `n`. */
export type Message = string | PluralMessage
export type PluralMessage = { readonly other: string } & { readonly [F in Intl.LDMLPluralRule]?: string }
export type Area = { readonly [key: string]: Message }
export type Catalogue = { readonly [area: string]: Area }

type Places<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never
type SentenceOf<M> = M extends string ? M : M extends PluralMessage ? M['other'] : never
type AreaOf<K extends string> = K extends `${infer A}.${string}` ? A : never
type NameOf<K extends string> = K extends `${string}.${infer N}` ? N : never
type At<C extends Catalogue, K extends string> = AreaOf<K> extends keyof C ? C[AreaOf<K>][NameOf<K>] : never

/** Every key of a catalogue, as `alarms.title`. */
export type KeyOf<C extends Catalogue> = { [A in keyof C & string]: `${A}.${keyof C[A] & string}` }[keyof C & string]

type PlacesOf<C extends Catalogue, K extends string> =
  | Places<SentenceOf<At<C, K>>>
  | (At<C, K> extends PluralMessage ? 'n' : never)

/** The values that a message needs; none when it has no places. */
export type ValuesOf<C extends Catalogue, K extends string, V = string | number> = [PlacesOf<C, K>] extends [never]
  ? []
  : [values: Record<PlacesOf<C, K>, V>]

/** The sentence of a key in its right plural form, places still open. */
export function sentence(catalogue: Catalogue, key: string, n: number | undefined, locale: string): string {
  const dot = key.indexOf('.')
  const message = catalogue[key.slice(0, dot)]?.[key.slice(dot + 1)]
  if (message === undefined) throw new Error(`no message for the key ${key}`)
  if (typeof message === 'string') return message
  const form = new Intl.PluralRules(locale).select(n ?? 0)
  return message[form] ?? message.other
}

/** Fills a sentence's places; numbers in the locale's own digits and grouping. */
export function fill(text: string, values: Record<string, string | number>, locale: string): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for {${name}} in "${text}"`)
    return typeof value === 'number' ? value.toLocaleString(locale) : value
  })
}

/** A sentence cut at its places, for places that are filled with links or marks instead of text. */
export function pieces(text: string): ({ text: string } | { place: string })[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{\w+\}$/.test(part) ? { place: part.slice(1, -1) } : { text: part }))
}
