import { once } from 'node:events'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import type { ReadingsPort } from '@millwright/connectivity'
import { type Clock, type Log, SECOND } from '@millwright/foundation'
import { credentialsOf, type ReceiverConfig } from './config.ts'
import { isAllowed } from './credentials.ts'
import { settled } from './settled.ts'

/** A request whose sender was allowed in, with its body unpacked. */
export interface Push {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface ReceiverOptions {
  readonly config: ReceiverConfig
  readonly clock: Clock
  readonly log: Log
  readonly readings: Pick<ReadingsPort, 'saturated' | 'drained'>
  /** Paths (exact) that anybody may ask without credentials, as `/ping`. */
  readonly open: ReadonlySet<string>
  /** The body of an error, in the words of the protocol. */
  readonly problem: (status: number, text: string) => Answer
  readonly handle: (push: Push) => Promise<Answer>
}

const MAX_CONNECTIONS = 500
/** Bodies held at once, bytes: what is over is asked to come again. */
const MAX_HELD = 128 << 20
/** How long a request waits for storage to catch up before it is asked to come again, µs. */
const PATIENCE = 10 * SECOND
const unpack = { gzip: promisify(gunzip), deflate: promisify(inflate) }

/** What went wrong, as senders' logs show it. */
export const problemText = (error: unknown): string => (error instanceof Error ? error.message : String(error))

class Refusal extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(text)
    this.status = status
  }
}

/** One HTTP(S) port for senders. */
export class Receiver {
  readonly counters = { requests: 0, unauthorized: 0, overloaded: 0, bytes: 0 }
  readonly #options: ReceiverOptions
  #server: Server | undefined
  #held = 0
  readonly #working = new Set<Promise<void>>()

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  get port(): number {
    return (this.#server?.address() as AddressInfo | null | undefined)?.port ?? 0
  }

  /** Resolves when it listens; rejects as `listen` does (EADDRINUSE, EACCES, an unreadable certificate). */
  async start(): Promise<void> {
    const { config } = this.#options
    const listener: RequestListener = (request, response) => {
      const work = this.#serve(request, response).finally(() => this.#working.delete(work))
      this.#working.add(work)
    }
    const limits = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 75_000, maxHeaderSize: 16_384 }
    const server =
      config.certificate === undefined
        ? (await import('node:http')).createServer(limits, listener)
        : (await import('node:https')).createServer(
            { ...limits, cert: config.certificate, key: config.key!, minVersion: 'TLSv1.2' },
            listener,
          )
    server.maxConnections = MAX_CONNECTIONS
    server.listen(config.port, config.host)
    await once(server, 'listening')
    // A socket that breaks is the sender's affair.
    server.on('error', (error) => this.#options.log.warn({ error }, 'the listener failed'))
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    this.#server = server
  }

  /** Ends keep-alive connections at once, gives requests in work three seconds. */
  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = once(server, 'close')
    server.close()
    server.closeIdleConnections()
    const late = this.#options.clock.after(3 * SECOND, () => server.closeAllConnections())
    await closed
    late.cancel()
    await settled(this.#options.clock, this.#working)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.counters.requests++
    let answer: Answer
    try {
      answer = await this.#answer(request)
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500
      if (status === 500) this.#options.log.error({ error }, 'a request failed')
      answer = this.#options.problem(status, status === 500 ? 'internal error' : problemText(error))
    }
    if (!request.complete) response.setHeader('connection', 'close')
    if (answer.status === 503) response.setHeader('retry-after', '1')
    response.writeHead(answer.status, answer.headers).end(request.method === 'HEAD' ? undefined : answer.body)
    if (!request.complete) request.resume()
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { config, open, handle, readings } = this.#options
    const url = URL.parse(request.url ?? '/', 'http://receiver')
    if (url === null) throw new Refusal(400, 'the request target is not a path')
    if (!open.has(url.pathname) && !isAllowed(credentialsOf(config), request.headers.authorization, url.searchParams)) {
      this.counters.unauthorized++
      throw new Refusal(401, 'unauthorized access')
    }
    const limit = config.maxBodyMegabytes << 20
    if (Number(request.headers['content-length'] ?? 0) > limit) throw new Refusal(413, 'the request is too large')
    if (readings.saturated) await this.#room()
    const packed = await this.#body(request, limit)
    try {
      const body = await unpacked(packed, request.headers['content-encoding'], limit)
      this.counters.bytes += packed.length
      return await handle({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
      })
    } finally {
      this.#held -= packed.length
    }
  }

  /** Nothing is read from a sender while storage is behind. */
  async #room(): Promise<void> {
    const { clock, readings } = this.#options
    const late = Promise.withResolvers<boolean>()
    const timer = clock.after(PATIENCE, () => late.resolve(true))
    const tooLate = await Promise.race([late.promise, readings.drained().then(() => false)])
    timer.cancel()
    if (tooLate) this.#overloaded()
  }

  #overloaded(): never {
    this.counters.overloaded++
    throw new Refusal(503, 'storage is behind: send again in a moment')
  }

  async #body(request: IncomingMessage, limit: number): Promise<Buffer> {
    const chunks: Buffer[] = []
    let length = 0
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        length += chunk.length
        this.#held += chunk.length
        if (length > limit) throw new Refusal(413, 'the request is too large')
        if (this.#held > MAX_HELD) this.#overloaded()
        chunks.push(chunk)
      }
    } catch (error) {
      this.#held -= length
      throw error instanceof Refusal ? error : new Refusal(400, 'the request was cut off')
    }
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
  }
}

async function unpacked(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  // Snappy is the payload's own affair: remote write says so in the same header.
  if (encoding === undefined || encoding === 'identity' || encoding === 'snappy') return body
  if (encoding !== 'gzip' && encoding !== 'deflate') throw new Refusal(415, `content encoding ${encoding} is not taken`)
  try {
    return await unpack[encoding](body, { maxOutputLength: limit })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal(413, 'the request is too large')
    throw new Refusal(400, `the body is not valid ${encoding}`)
  }
}
