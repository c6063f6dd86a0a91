import { MILLISECOND } from '@millwright/foundation'
import type { FastifyInstance } from 'fastify'
import type { DeviceLine } from './line.ts'
import { waitForCommands } from './waiting-commands.ts'

interface OfToken {
  Params: { token: string }
}

const SHORTEST_RPC_WAIT = 20_000

/** ThingsBoard's HTTP device API: the access token stands in the path, so these requests are never logged. */
export function thingsboardRoutes(app: FastifyInstance, line: DeviceLine): void {
  const { connectivity, clock, config } = line
  const { thingsboard } = connectivity
  const silent = { logLevel: 'silent' } as const

  app.post<OfToken>('/api/v1/:token/telemetry', silent, async (request, reply) => {
    const session = line.sessionOf(request)
    await thingsboard.telemetry(session, await line.bodyOf(request), 'http:/api/v1/<token>/telemetry')
    return reply.code(200).send()
  })

  app.post<OfToken>('/api/v1/:token/attributes', silent, async (request, reply) => {
    const session = line.sessionOf(request)
    await thingsboard.attributes(session, await line.bodyOf(request), 'http:/api/v1/<token>/attributes')
    return reply.code(200).send()
  })

  app.get<OfToken & { Querystring: { clientKeys?: string; sharedKeys?: string } }>(
    '/api/v1/:token/attributes',
    silent,
    async (request, reply) => {
      const session = line.sessionOf(request)
      const { clientKeys, sharedKeys } = request.query
      const wanted = Buffer.from(JSON.stringify({ clientKeys, sharedKeys }))
      const answer = await thingsboard.attributesRequest(session, wanted, 'http:/api/v1/<token>/attributes')
      return reply.type('application/json').send(Buffer.from(answer))
    },
  )

  app.get<OfToken & { Querystring: { timeout?: string } }>('/api/v1/:token/rpc', silent, async (request, reply) => {
    const session = line.sessionOf(request)
    const timeout = Number(request.query.timeout ?? SHORTEST_RPC_WAIT)
    const wait = Math.min(Number.isFinite(timeout) && timeout > 0 ? timeout * MILLISECOND : 0, config.longestWait)
    const [command] = await waitForCommands(connectivity.commands, session, clock, {
      wait,
      most: 1,
      gone: line.goneOf(reply),
    })
    if (command === undefined) return reply.code(408).send()
    return { id: command.number, method: command.name, params: command.params ?? {} }
  })

  app.post<{ Params: { token: string; id: string } }>('/api/v1/:token/rpc/:id', silent, async (request, reply) => {
    const session = line.sessionOf(request)
    await thingsboard.rpcResponse(
      session,
      Number(request.params.id),
      await line.bodyOf(request),
      'http:/api/v1/<token>/rpc',
    )
    return reply.code(200).send()
  })

  app.post<OfToken>('/api/v1/:token/rpc', silent, async (_request, reply) => {
    return reply.code(400).type('application/json').send(Buffer.from(thingsboard.clientRpcRefusal()))
  })
}
