import type { TlsOptions } from 'node:tls'
import websocket from '@fastify/websocket'
import type { Log } from '@millwright/foundation'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { isLoopback } from '../local-operator.ts'
import { type FrontDoor, frontDoor } from './front-door.ts'
import { answerProblem, apiErrors, installProblems } from './problems.ts'
import type { IsProxy } from './proxies.ts'
import { compileValidator } from './validation.ts'

export interface HttpOptions {
  readonly log: Log
  readonly tls: TlsOptions
  /** Reverse proxies, which may speak plain HTTP and say whom they speak for. */
  readonly isProxy: IsProxy
}

export interface HttpServer {
  readonly app: FastifyInstance
  /** Serves new connections with another certificate. */
  renew(tls: TlsOptions): void
}

/** The HTTP server without its routes: limits, errors, security headers, plain HTTP on this machine only. */
export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  // One for each address that the host's name stands for.
  const doors: FrontDoor[] = []
  const app = fastify({
    loggerInstance: options.log as never,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1 << 20,
    requestTimeout: 60_000,
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
    trustProxy: options.isProxy,
    routerOptions: { maxParamLength: 500 },
    genReqId: () => crypto.randomUUID(),
    serverFactory: (handler) => {
      const door = frontDoor(handler, options.tls, { headersTimeout: 15_000, maxHeaderSize: 32_768 })
      doors.push(door)
      return door.server
    },
  }) as unknown as FastifyInstance
  app.setValidatorCompiler(compileValidator as never)
  app.setSerializerCompiler(() => JSON.stringify)
  installProblems(app)
  app.addHook('onRequest', async (request, reply) => {
    if (
      request.protocol === 'https' ||
      isLoopback(request.socket.remoteAddress) ||
      options.isProxy(request.socket.remoteAddress)
    )
      return
    if (request.method === 'GET' && !request.url.startsWith('/api/'))
      return reply.redirect(`https://${request.host}${request.url}`, 308)
    return answerProblem(reply, apiErrors.plainText(), request.id)
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    reply.header('x-frame-options', 'DENY')
    reply.header('cross-origin-opener-policy', 'same-origin')
    if (!request.url.startsWith('/api/')) {
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY)
    } else if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  await app.register(websocket, { options: { maxPayload: 256 << 10 } })
  return {
    app,
    renew(tls) {
      for (const door of doors) door.renew(tls)
    },
  }
}

/** Styles are set from scripts by the component library; everything else comes from the platform itself. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
