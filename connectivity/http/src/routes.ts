import { refusing } from '@millwright/connectivity'
import { SECOND } from '@millwright/foundation'
import type { FastifyInstance } from 'fastify'
import { readReply, readReport } from './body.ts'
import { formatOf } from './codec.ts'
import type { DeviceLine } from './line.ts'
import { waitForCommands } from './waiting-commands.ts'

const ME = '/api/v1/devices/me'
const COMMANDS_AT_ONCE = 20

/** Millwright's own device API. */
export function deviceRoutes(app: FastifyInstance, line: DeviceLine): void {
  const { connectivity, clock, config } = line

  app.post(`${ME}/telemetry`, async (request, reply) => {
    const session = line.sessionOf(request)
    const format = formatOf(request.headers['content-type'])
    await connectivity.intake.accept(session, format, await line.bodyOf(request), `http:${ME}/telemetry`)
    return reply.code(204).send()
  })

  app.get<{ Querystring: { wait?: string } }>(`${ME}/commands`, async (request, reply) => {
    const session = line.sessionOf(request)
    const wait = Math.min(seconds(request.query.wait), config.longestWait)
    const gone = line.goneOf(reply)
    const commands = await waitForCommands(connectivity.commands, session, clock, {
      wait,
      most: COMMANDS_AT_ONCE,
      gone,
    })
    return { items: commands.map(({ id, name, params, timeout }) => ({ id, name, params, timeout })) }
  })

  app.post<{ Params: { id: string } }>(`${ME}/commands/:id/reply`, async (request, reply) => {
    const session = line.sessionOf(request)
    const payload = await line.bodyOf(request)
    await refusing(connectivity.deadLetters, session, payload, `http:${ME}/commands/reply`, () =>
      connectivity.commands.reply(session, request.params.id, readReply(payload)),
    )
    return reply.code(204).send()
  })

  app.get(`${ME}/twin`, async (request) => {
    const session = line.sessionOf(request)
    const [desired, reported] = await Promise.all([
      connectivity.twins.desired(session),
      connectivity.twins.reported(session),
    ])
    return { desired, reported }
  })

  app.post(`${ME}/twin/reported`, async (request, reply) => {
    const session = line.sessionOf(request)
    const payload = await line.bodyOf(request)
    await refusing(connectivity.deadLetters, session, payload, `http:${ME}/twin/reported`, () => {
      const { document, desiredVersion } = readReport(payload)
      return connectivity.twins.report(session, document, desiredVersion)
    })
    return reply.code(204).send()
  })
}

/** Whole or broken seconds, as µs; nothing or nonsense is no wait. */
function seconds(text: string | undefined): number {
  const wait = Number(text ?? 0)
  return Number.isFinite(wait) && wait > 0 ? Math.round(wait * SECOND) : 0
}
