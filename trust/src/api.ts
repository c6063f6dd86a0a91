import type { BodyOf, ParamsOf, QueryOf, ReplyOf } from '@millwright/contracts'
import type { Actor } from './actor.ts'

/** One call of an operation, already validated against its schemas; the stage's handler knows no HTTP server. */
export interface Call<O> {
  readonly actor: Actor
  readonly params: ParamsOf<O>
  readonly query: QueryOf<O>
  readonly body: BodyOf<O>
  /** Version from `If-Match`, when given: the change is refused (412) if the thing has moved on. */
  readonly ifMatch: number | undefined
  readonly address: string
  /** False when the request came by plain HTTP (loopback): cookies then cannot be `Secure`. Absent counts as TLS. */
  readonly secure?: boolean
  /** The request's own id, also in the log and in problem+json. */
  readonly requestId: string
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal
  /** Sets a response header (cookies, file names). */
  header(name: string, value: string): void
  /** A request header, for what no schema covers (cookies). */
  requestHeader(name: string): string | undefined
}

/** A file handler answers a stream of bytes instead of JSON. */
export type FileReply = AsyncIterable<Uint8Array>

/**
 * What a handler answers: a file as a stream of bytes (its schema is unknown), the reply as its schema says, or, where
 * nothing is sent, anything.
 */
type Answer<Reply> = unknown extends Reply ? FileReply : [Reply] extends [undefined] ? unknown : Reply

/** The handlers of a table of operations: none missing, none too many. */
export type Handlers<Table> = {
  readonly [K in keyof Table]: (call: Call<Table[K]>) => Promise<Answer<ReplyOf<Table[K]>>>
}
