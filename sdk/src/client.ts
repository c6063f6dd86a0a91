import createFetchClient, { type ClientOptions } from 'openapi-fetch'
import { operations } from './generated/operations.ts'
import type { components, operations as OperationTypes, paths } from './generated/schema.ts'

type Schemas = components['schemas']
export type Problem = Schemas['Problem']

/** An answer of the API that is not a success: RFC 9457 problem details. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.problem = problem
  }
}

type Names = keyof typeof operations & keyof OperationTypes
type Parameters<N extends Names> = OperationTypes[N] extends { parameters: infer P } ? P : never
type Body<N extends Names> = OperationTypes[N] extends { requestBody: { content: { 'application/json': infer B } } }
  ? B
  : undefined
type Success<R> = R extends { 200: infer S }
  ? S
  : R extends { 201: infer S }
    ? S
    : R extends { 202: infer S }
      ? S
      : R extends { 204: infer S }
        ? S
        : never
type Reply<N extends Names> = OperationTypes[N] extends { responses: infer R }
  ? Success<R> extends { content: { 'application/json': infer B } }
    ? B
    : Success<R> extends { content: Record<string, unknown> }
      ? Response
      : undefined
  : never
type PathOf<N extends Names> = Parameters<N> extends { path: infer P } ? { params: P } : { params?: undefined }
type QueryOf<N extends Names> =
  Parameters<N> extends { query?: infer Q }
    ? [Q] extends [never]
      ? { query?: undefined }
      : { query?: Q }
    : { query?: undefined }
type BodyOf<N extends Names> = Body<N> extends undefined ? { body?: undefined } : { body: Body<N> }

/** What an operation is called with; `ifMatch` is the version the change builds on. */
export type Input<N extends Names> = PathOf<N> & QueryOf<N> & BodyOf<N> & { ifMatch?: number; signal?: AbortSignal }
type Args<N extends Names> = Record<never, never> extends PathOf<N> & BodyOf<N> ? [input?: Input<N>] : [input: Input<N>]

/** One method per operation of the API: `client.listAlarms({ query: { state: 'standing' } })`. Throws ApiError. */
export type Client = { readonly [N in Names]: (...args: Args<N>) => Promise<Reply<N>> }

export interface ClientSettings {
  /** Where the platform is, as `https://plant.example:8080`; empty in a browser: the page's own origin. */
  readonly url?: string
  /** An API token. */
  readonly token?: string
  /** The session's CSRF token, asked for at each changing request. */
  readonly csrf?: () => string | undefined
  readonly fetch?: ClientOptions['fetch']
}

const FILES: ReadonlySet<string> = new Set(['exportReadings', 'backup'])

/** Makes a client. Requests that cannot reach the platform throw an ApiError with status 0. */
export function createClient(settings: ClientSettings = {}): Client {
  const http = createFetchClient<paths>({
    baseUrl: settings.url ?? '',
    ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
  })
  const call = async (
    name: Names,
    input: { params?: object; query?: object; body?: unknown; ifMatch?: number; signal?: AbortSignal } = {},
  ) => {
    const [method, path] = operations[name]
    const headers: Record<string, string> = {}
    if (settings.token !== undefined) headers['authorization'] = `Bearer ${settings.token}`
    const csrf = method === 'get' ? undefined : settings.csrf?.()
    if (csrf !== undefined) headers['x-csrf-token'] = csrf
    if (input.ifMatch !== undefined) headers['if-match'] = `"${input.ifMatch}"`
    const options = {
      params: { path: input.params, query: input.query },
      headers,
      ...(input.body === undefined ? {} : { body: input.body }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
      ...(FILES.has(name) ? { parseAs: 'stream' } : {}),
    }
    const send = http.request as unknown as (
      method: string,
      path: string,
      options: object,
    ) => Promise<{ data?: unknown; error?: Problem | string; response: Response }>
    const { data, error, response } = await send(method, path, options).catch((cause: unknown) => {
      if (input.signal?.aborted) throw cause
      throw new ApiError(unreachable(settings.url ?? '', cause))
    })
    if (!response.ok) throw new ApiError(asProblem(error, response))
    return FILES.has(name) ? response : data
  }
  const names = Object.keys(operations) as Names[]
  return Object.fromEntries(names.map((name) => [name, (input?: object) => call(name, input)])) as unknown as Client
}

function asProblem(error: Problem | string | undefined, response: Response): Problem {
  if (typeof error === 'object' && typeof error.code === 'string') return error
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'MW-SDK-0002',
    detail: `The server answered ${response.status} ${response.statusText} without saying why.`,
  }
}

function unreachable(url: string, cause: unknown): Problem {
  const inner =
    cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : String(cause)
  return {
    type: 'about:blank',
    title: 'Not reachable',
    status: 0,
    code: 'MW-SDK-0001',
    detail: `The platform at ${url === '' ? 'this address' : url} cannot be reached (${inner}). Is it running, and is the address right?`,
  }
}
