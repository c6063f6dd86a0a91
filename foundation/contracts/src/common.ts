import { type IdPrefix, idPattern } from '@millwright/foundation'
import { type TObject, type TProperties, type TSchema, Type } from 'typebox'

/** An object that refuses unknown fields: they are an error that names them, never stripped in silence. */
export const Strict = <P extends TProperties>(
  properties: P,
  options: { $id?: string; description?: string } = {},
): TObject<P> => Type.Object(properties, { additionalProperties: false, ...options }) as TObject<P>

export const Id = (prefix: IdPrefix) =>
  Type.String({ pattern: idPattern(prefix), examples: [`${prefix}_01k5zsx0v3m8f3t9q2w7r6y5n4`] })

/** Integer microseconds since the Unix epoch, UTC. */
export const Time = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Microseconds since the Unix epoch, UTC',
})

/** A name a person reads: one line, no control characters. */
export const Name = Type.String({ minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
export const Text = Type.String({ maxLength: 4000 })
/** A name machines use: signals, metrics, keys. */
export const Key = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
export const Metadata = Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1000 }), {
  maxProperties: 100,
})

export const Choice = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description === undefined ? {} : { description }) })

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

/** Cursor pagination: `next` is absent on the last page; cursors are opaque. */
export const Page = <S extends TSchema>(item: S) =>
  Strict({ items: Type.Array(item), next: Type.Optional(Type.String({ description: 'Cursor of the next page' })) })

export const PageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
}

export const IdParams = (prefix: IdPrefix) => Strict({ id: Id(prefix) })

/** RFC 9457 problem details, as every error of the API answers. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable code, as MW-DATA-0012' }),
    detail: Type.String({ description: 'What was wrong and what to do' }),
    path: Type.Optional(Type.String({ description: 'Where the offending value stands' })),
    requestId: Type.Optional(Type.String()),
  },
  { $id: 'Problem' },
)
