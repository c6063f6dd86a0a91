import type { Authenticate } from '@millwright/trust'
import type { FastifyInstance } from 'fastify'
import { actorOf } from '../api/operations.ts'
import { isLoopback } from '../local-operator.ts'
import type { Metrics } from './metrics.ts'

/** A part of the platform that can say whether it can do its work, and if not, why. */
export interface Probe {
  readonly name: string
  check(): Promise<string | undefined>
  /** What a person should mend although the work is done. */
  warning?(): Promise<string | undefined>
}

/** A probe that has no answer within this is taken for not ready, ms. */
const PATIENCE = 2_000

/** `/healthz`: the process answers. `/readyz`: every part can do its work, and what is to be mended. `/metrics`: for this machine, or with a token. */
export function observeRoutes(
  app: FastifyInstance,
  options: { authenticate: Authenticate; metrics: Metrics; probes: readonly Probe[] },
): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_, reply) => {
    const [faults, warnings] = await Promise.all([
      told(options.probes, (probe) => probe.check()),
      told(options.probes, async (probe) => probe.warning?.()),
    ])
    const ready = Object.keys(faults).length === 0
    return reply.status(ready ? 200 : 503).send({
      status: ready ? 'ready' : 'not ready',
      ...(ready ? {} : { faults }),
      ...(Object.keys(warnings).length === 0 ? {} : { warnings }),
    })
  })
  app.get('/metrics', async (request, reply) => {
    // A proxy on this machine that nobody named speaks for others too: what it forwards is not of this machine.
    const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
    if (forwarded || !isLoopback(request.ip)) await actorOf(options.authenticate, request)
    return reply.type(options.metrics.contentType).send(await options.metrics.text())
  })
}

type Question = (probe: Probe) => Promise<string | undefined>

/** What the parts have to say, by their names. */
async function told(probes: readonly Probe[], question: Question): Promise<Record<string, string>> {
  const said = await Promise.all(probes.map(async (probe) => [probe.name, await answered(question(probe))] as const))
  return Object.fromEntries(said.filter((each): each is readonly [string, string] => each[1] !== undefined))
}

function answered(question: Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${PATIENCE} ms`), PATIENCE)
  })
  const answer = question.catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
  return Promise.race([answer, patience]).finally(() => clearTimeout(timer))
}
