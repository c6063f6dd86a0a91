import { modelFileErrors } from './errors.ts'
import type { ModelData } from './model-file.ts'

/** Tells whether data read from a file has the shape that the code behind it expects, and gives it that type. */
export type Shape<T> = (data: ModelData | undefined, path: string) => T
export type Shaped<S> = S extends Shape<infer T> ? T : never

const wrong = (path: string, expected: string) =>
  modelFileErrors.unreadable({ reason: `${path || 'the whole'} is not ${expected}` })

function simple<T>(expected: string, is: (data: ModelData | undefined) => boolean): Shape<T> {
  return (data, path) => {
    if (!is(data)) throw wrong(path, expected)
    return data as T
  }
}

export const aNumber = simple<number>('a number', (data) => typeof data === 'number')
export const aText = simple<string>('a text', (data) => typeof data === 'string')
export const f64s = simple<Float64Array>('an array of doubles', (data) => data instanceof Float64Array)
export const i32s = simple<Int32Array>('an array of integers', (data) => data instanceof Int32Array)
export const bytes = simple<Uint8Array>('an array of bytes', (data) => data instanceof Uint8Array)
/** Checked by whoever reads that part. */
export const anything = simple<ModelData>('there', (data) => data !== undefined)

export const aCount = (most: number): Shape<number> =>
  simple(`a whole number up to ${most}`, (data) => Number.isInteger(data) && Number(data) >= 0 && Number(data) <= most)

export const oneOf = <const T extends string>(choices: readonly T[]): Shape<T> =>
  simple(`one of ${choices.join(', ')}`, (data) => (choices as readonly unknown[]).includes(data))

export const listOf =
  <T>(item: Shape<T>): Shape<readonly T[]> =>
  (data, path) => {
    if (!Array.isArray(data)) throw wrong(path, 'a list')
    return data.map((each, index) => item(each, `${path}/${index}`))
  }

export const optional =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (data, path) =>
    data === undefined ? undefined : shape(data, path)

/** Fields that are not named are refused: a file of a newer kind is not half understood. */
export const record =
  <S extends Record<string, Shape<unknown>>>(fields: S): Shape<{ readonly [K in keyof S]: Shaped<S[K]> }> =>
  (data, path) => {
    if (data === null || typeof data !== 'object' || Array.isArray(data) || ArrayBuffer.isView(data))
      throw wrong(path, 'a record')
    const given = data as Record<string, ModelData>
    const stranger = Object.keys(given).find((name) => !Object.hasOwn(fields, name))
    if (stranger !== undefined) throw wrong(`${path}/${stranger}`, 'a field of such a model')
    const entries = Object.entries(fields).map(([name, shape]) => [name, shape(given[name], `${path}/${name}`)])
    return Object.fromEntries(entries) as { readonly [K in keyof S]: Shaped<S[K]> }
  }

/** Refuses data whose lengths do not go together: what a shape alone cannot say. */
export function fits(condition: boolean, path: string, expected: string): void {
  if (!condition) throw wrong(path, expected)
}
