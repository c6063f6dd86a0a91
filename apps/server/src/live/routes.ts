import { LiveRequest } from '@millwright/contracts'
import { type Bus, type Clock, MINUTE, type PlatformEvent } from '@millwright/foundation'
import type { Authenticate } from '@millwright/trust'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actorOf } from '../api/operations.ts'
import { apiErrors } from '../http/problems.ts'
import { compileValidator } from '../http/validation.ts'
import { LiveConnection } from './connection.ts'
import type { LiveSources } from './sources.ts'

const ENDINGS = ['millwright.session.revoked', 'millwright.token.revoked', 'millwright.user.changed']
const MOVES = ['millwright.asset.changed', 'millwright.asset.removed', 'millwright.signal.changed']
const CHANGES = ['millwright.grant.changed', 'millwright.share.changed']

const check = compileValidator({ schema: LiveRequest, httpPart: 'body' })

/** The WebSocket at `/api/v1/live`; its messages are described in contracts/live.ts. */
export function liveRoutes(
  app: FastifyInstance,
  options: { authenticate: Authenticate; sources: LiveSources; bus: Bus; clock: Clock },
): void {
  const { authenticate, sources, bus, clock } = options
  app.get(
    '/api/v1/live',
    {
      websocket: true,
      // Browsers send cookies along from any page: only the platform's own pages may open a connection.
      onRequest: async (request) => {
        const { origin } = request.headers
        if (origin !== undefined && URL.parse(origin)?.host !== request.host) throw apiErrors.foreignOrigin({ origin })
        await actorOf(authenticate, request)
      },
    },
    async (socket, request: FastifyRequest) => {
      const actor = await actorOf(authenticate, request)
      const connection = new LiveConnection(socket, actor, sources)
      socket.on('message', (data) => {
        const message = parsed(String(data))
        if (message !== undefined && check(message)) connection.request(message as LiveRequest)
        else
          socket.send(
            JSON.stringify({
              type: 'error',
              code: 'MW-LIVE-0003',
              detail:
                'The message is not one of those that the live connection understands: subscribe, unsubscribe, ping.',
            }),
          )
      })
      // Rights may be taken away while the connection stands: it is asked for anew now and then, and at once when a
      // session, a token or a user has changed. Changed rights close it: the viewer comes back with the new ones.
      const recheck = () => actorOf(authenticate, request).catch(() => socket.close(4401, 'the session has ended'))
      const changed = (event: PlatformEvent) => {
        const { partner } = event.data as { partner?: string }
        if (event.tenant === actor.tenant || partner === actor.tenant) socket.close(4403, 'rights have changed')
      }
      const changes = [
        ...ENDINGS.map((type) => bus.subscribe(type, () => void recheck())),
        ...CHANGES.map((type) => bus.subscribe(type, changed)),
        ...MOVES.map((type) => bus.subscribe(type, () => connection.moved())),
      ]
      let timer = clock.after(MINUTE, tick)
      function tick() {
        void recheck()
        timer = clock.after(MINUTE, tick)
      }
      socket.on('close', () => {
        timer.cancel()
        for (const change of changes) change.cancel()
        connection.close()
      })
    },
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
