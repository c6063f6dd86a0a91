import type { X509Certificate } from 'node:crypto'
import { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { type Operation, operations } from '@millwright/contracts'
import {
  type Actor,
  type Authenticate,
  anonymousActor,
  type Call,
  type FileReply,
  type Handlers,
} from '@millwright/trust'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { apiErrors } from '../http/problems.ts'
import { checkText } from '../http/text.ts'

export type AllHandlers = Handlers<typeof operations>

type AnyHandler = (call: Call<Operation>) => Promise<unknown>

/** Registers every operation of the contracts with its handler; one without a handler stops the start. */
export function registerOperations(app: FastifyInstance, authenticate: Authenticate, handlers: AllHandlers): void {
  for (const op of Object.values(operations) as Operation[]) {
    const handler = (handlers as unknown as Record<string, AnyHandler | undefined>)[op.id]
    if (handler === undefined) throw new Error(`the operation ${op.id} has no handler`)
    app.route({
      method: op.method,
      url: `/api/v1${op.path.replace(/\{(\w+)\}/g, ':$1')}`,
      ...(op.bodyLimit === undefined ? {} : { bodyLimit: op.bodyLimit }),
      schema: {
        ...(op.params === undefined ? {} : { params: op.params }),
        ...(op.query === undefined ? {} : { querystring: op.query }),
        ...(op.body === undefined ? {} : { body: op.body }),
      },
      // Who it is comes first: a stranger learns nothing from how a body is judged.
      onRequest: async (request) => {
        if (op.access === 'actor') actors.set(request, await actorOf(authenticate, request))
      },
      preValidation: async (request) => {
        checkText(request.query, 'querystring')
        checkText(request.body, 'body')
      },
      handler: async (request, reply) => {
        const result = await handler(callOf(request, reply))
        return answer(op, result, reply)
      },
    })
  }
}

const actors = new WeakMap<FastifyRequest, Actor>()

/** Who asks, from the session's cookie, a bearer token or the client's certificate. */
export async function actorOf(authenticate: Authenticate, request: FastifyRequest): Promise<Actor> {
  const { actor } = await authenticate({
    cookie: request.headers.cookie,
    authorization: request.headers.authorization,
    clientCertificate: clientCertificate(request),
    address: addressOf(request),
    method: request.method,
    csrfHeader: header(request, 'x-csrf-token'),
    secure: request.protocol === 'https',
  })
  return actor
}

/** As people write it: IPv4 over a dual-stack socket is IPv4. */
const addressOf = (request: FastifyRequest): string => request.ip.replace(/^::ffff:(?=\d+\.)/, '')

function clientCertificate(request: FastifyRequest): X509Certificate | undefined {
  const socket = request.raw.socket as Partial<TLSSocket>
  return socket.encrypted === true ? socket.getPeerX509Certificate?.() : undefined
}

function callOf(request: FastifyRequest, reply: FastifyReply): Call<Operation> {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return {
    actor: actors.get(request) ?? anonymousActor(addressOf(request)),
    params: request.params as never,
    query: request.query as never,
    body: request.body as never,
    ifMatch: ifMatch(request),
    address: addressOf(request),
    secure: request.protocol === 'https',
    requestId: request.id,
    signal: gone.signal,
    header: (name, value) => void reply.header(name, value),
    requestHeader: (name) => header(request, name),
  }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function ifMatch(request: FastifyRequest): number | undefined {
  const value = header(request, 'if-match')
  if (value === undefined || value === '*') return undefined
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(value)?.[1]
  if (version === undefined) throw apiErrors.ifMatch({ value, path: 'if-match' })
  return Number(version)
}

function answer(op: Operation, result: unknown, reply: FastifyReply): FastifyReply {
  if (op.produces !== undefined) {
    if (!reply.hasHeader('content-type')) reply.type(op.produces)
    return reply.send(Readable.from(result as FileReply, { objectMode: false }))
  }
  reply.status(op.status ?? (op.reply === undefined ? 204 : 200))
  if (op.reply === undefined) return reply.send()
  const version = versionOf(result)
  if (version !== undefined) reply.header('etag', `"${version}"`)
  return reply.type('application/json').send(JSON.stringify(result))
}

/** Entities carry their version; a twin's is that of its desired side, the one that is changed here. */
function versionOf(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  const { version, desired } = result as { version?: unknown; desired?: { version?: unknown } }
  if (typeof version === 'number') return version
  return typeof desired?.version === 'number' ? desired.version : undefined
}
