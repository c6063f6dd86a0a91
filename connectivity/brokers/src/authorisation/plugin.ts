import { type Clock, type Log, MillwrightError } from '@millwright/foundation'
import type { DeviceIdentity } from '@millwright/trust'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { brokerErrors } from '../errors.ts'
import { type AskerRates, Askers } from './asker.ts'
import { BrokerDevices } from './devices.ts'
import { type Answer, brokerFormats } from './formats.ts'
import { questionOf, readBodies } from './question.ts'
import { DeviceRules } from './rules.ts'

const SECRET_CHARS = 20

export interface BrokerAuthorisationOptions {
  readonly trust: { readonly deviceIdentity: DeviceIdentity }
  readonly clock: Clock
  readonly log: Log
  /** What the asking brokers show; empty: brokers are not answered. At least 20 characters. */
  readonly secret: string
  /** 5,000 questions a second of one address, 10 of them without the secret. */
  readonly rates?: AskerRates
}

/**
 * Answers brokers that ask who may connect, publish and subscribe, as a Fastify plugin:
 * `/api/v1/broker-auth/{emqx|mosquitto|rabbitmq}/…`. With `?mounted=true` the broker puts `d/<device>/` before topics itself.
 * @throws MW-BRK-0063 when the secret is too short
 */
export function brokerAuthorisation(options: BrokerAuthorisationOptions): FastifyPluginAsync {
  const { trust, clock, log, secret, rates = { questions: 5_000, strangers: 10 } } = options
  if (secret !== '' && secret.length < SECRET_CHARS) throw brokerErrors.secretShort({ limit: SECRET_CHARS })
  const askers = secret === '' ? undefined : new Askers(secret, clock, rates)
  const devices = new BrokerDevices(trust.deviceIdentity)
  const rules = { own: new DeviceRules(false), mounted: new DeviceRules(true) }

  return async (app) => {
    readBodies(app)
    for (const [name, format] of Object.entries(brokerFormats)) {
      for (const [what, ask] of Object.entries(format.questions)) {
        const answer = async (request: FastifyRequest, reply: FastifyReply) => {
          if (askers === undefined) throw brokerErrors.notOffered()
          let given = format.deny
          try {
            askers.check(request)
            const { mounted } = request.query as { mounted?: string }
            given = await ask(questionOf(request), { devices, rules: mounted === 'true' ? rules.mounted : rules.own })
          } catch (error) {
            // Whatever it is, the broker hears no: an error page might be taken for consent.
            log.debug({ err: error, broker: name, question: what }, 'a broker’s question was denied')
          }
          return send(reply, given)
        }
        for (const path of [`/api/v1/broker-auth/${name}/${what}`, `/api/v1/broker-auth/${name}/:secret/${what}`]) {
          route(app, path, answer, format.deny)
        }
      }
    }
  }
}

/** Never logged: the path may hold the secret, the query a password. */
function route(
  app: FastifyInstance,
  url: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  deny: Answer,
): void {
  app.route({
    method: ['GET', 'POST'],
    url,
    logLevel: 'silent',
    exposeHeadRoute: false,
    handler,
    // A body that is too large, or breaks off: no, too. Where no broker is answered, nobody is told yes by an error.
    errorHandler: (error, _request, reply) =>
      error instanceof MillwrightError
        ? void reply.code(error.status).type('text/plain').send(error.message)
        : void send(reply, deny),
  })
}

function send(reply: FastifyReply, { status, type, body }: Answer): FastifyReply {
  return reply.code(status).type(type).send(body)
}
