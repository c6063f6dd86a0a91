import type { Static, TSchema } from 'typebox'

/**
 * One operation of the REST API, as data. The server registers it with a handler, OpenAPI and the SDK are generated
 * from it, and a check at start refuses a platform in which one has no handler.
 */
export interface Operation<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Reply extends TSchema = TSchema,
> {
  /** camelCase, unique: the method's name in the SDK. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, in OpenAPI form: `/assets/{id}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** `public`: nobody need be known. `actor`: anyone signed in; the service then checks what they may do. */
  readonly access: 'public' | 'actor'
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** The body of a success; absent: 204, no content. */
  readonly reply?: Reply
  /** Status of a success; default 200, or 204 without a reply. */
  readonly status?: number
  /** Content type of the reply when it is not JSON (exports, backups): the reply is then a stream. */
  readonly produces?: string
  /** Largest body accepted, bytes; default 1 MiB. */
  readonly bodyLimit?: number
}

/** Keeps the literal types of an operation's schemas. */
export function operation<
  Params extends TSchema = never,
  Query extends TSchema = never,
  Body extends TSchema = never,
  Reply extends TSchema = never,
>(op: Operation<Params, Query, Body, Reply>): Operation<Params, Query, Body, Reply> {
  return op
}

type Of<S> = [S] extends [never] ? undefined : S extends TSchema ? Static<S> : undefined

export type ParamsOf<O> = O extends Operation<infer P, TSchema, TSchema, TSchema> ? Of<P> : never
export type QueryOf<O> = O extends Operation<TSchema, infer Q, TSchema, TSchema> ? Of<Q> : never
export type BodyOf<O> = O extends Operation<TSchema, TSchema, infer B, TSchema> ? Of<B> : never
export type ReplyOf<O> = O extends Operation<TSchema, TSchema, TSchema, infer R> ? Of<R> : never
