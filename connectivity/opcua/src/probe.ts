import type { BrowseAt, ProbePorts } from '@millwright/connectivity'
import type { BrowsePage, ConnectionTest, PeerCertificate } from '@millwright/contracts'
import { MillwrightError } from '@millwright/foundation'
import { parseNodeId } from './address/target.ts'
import { completed, type OpcuaConfig } from './config.ts'
import { opcuaErrors } from './errors.ts'
import { loadLibrary } from './library.ts'
import { applicationIdentity } from './security/application.ts'
import { warningOf } from './security/trust-list.ts'
import { type Offer, shownOffer } from './session/endpoints.ts'
import { exchangeOn } from './session/exchange.ts'
import { choose, type Dial, discover, drop, makeClient, openChannel, openSession, Untrusted } from './session/open.ts'
import { Services } from './session/services.ts'
import { within } from './session/within.ts'
import { troubleOf } from './session/words.ts'
import { findPoints } from './space/points.ts'
import { browseBelow, placeId, placeOf } from './space/tree.ts'

/** Ids of what is browsed beside the address space. */
const ENDPOINTS = 'endpoints'
const SERVERS = 'servers'
const OBJECTS = placeId({ node: parseNodeId('i=85'), names: [] })

async function dialFor(config: OpcuaConfig, { log, identity, clock }: ProbePorts): Promise<Dial> {
  const library = await loadLibrary(log)
  const application = await applicationIdentity(library, identity, clock.now())
  return { library, settings: completed(config), application, clock }
}

/** Connects once, step by step. */
export async function testServer(config: OpcuaConfig, ports: ProbePorts): Promise<ConnectionTest> {
  const steps: ConnectionTest['steps'] = []
  const certificates: PeerCertificate[] = []
  const step = async <T>(name: string, work: () => Promise<readonly [T, string]>): Promise<T> => {
    const start = ports.clock.steady()
    try {
      ports.signal.throwIfAborted()
      const [result, detail] = await work()
      steps.push({ name, ok: true, detail, took: ports.clock.steady() - start })
      return result
    } catch (error) {
      if (error instanceof Untrusted && error.certificate !== undefined) certificates.push(error.certificate)
      const { reason } = troubleOf(error, config.endpoint)
      steps.push({ name, ok: false, detail: reason, took: ports.clock.steady() - start })
      throw new Stopped()
    }
  }
  const dial = await dialFor(config, ports)
  try {
    await trySteps(dial, step)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  }
  return { ok: steps.every(({ ok }) => ok), steps, certificates }
}

/** A step failed and has said why. */
class Stopped extends Error {}

type Step = <T>(name: string, work: () => Promise<readonly [T, string]>) => Promise<T>

async function trySteps(dial: Dial, step: Step): Promise<void> {
  const { settings, clock } = dial
  const offers = await step(`Endpoints of ${settings.endpoint}`, async () => {
    const { offers } = await discover(dial)
    return [offers, [...new Set(offers.map(shownOffer))].join('; ') || 'none that this adapter speaks'] as const
  })
  const offer = await step('Security and the server’s certificate', async () => {
    const { offer, certificate } = choose(dial, offers)
    const warning = certificate === undefined ? undefined : warningOf(certificate, clock.now())
    return [offer, warning ?? shownOffer(offer)] as const
  })
  const client = await step('Secure channel', async () => [await openChannel(dial, offer), shownOffer(offer)] as const)
  try {
    const session = await step(`Session as ${identityName(dial)}`, async () => {
      return [await openSession(dial, client, offer), 'activated'] as const
    })
    const exchange = exchangeOn(client, session, clock, settings.timeout)
    const services = await step('Address space', async () => {
      const services = await Services.on(dial.library, exchange)
      const [product] = await services.readValues(['i=2261'])
      const name: unknown = product?.value?.value
      const shown = typeof name === 'string' && name !== '' ? name : 'The server'
      return [services, `${shown}, ${services.namespaces.length} namespaces`] as const
    })
    if (settings.nodes.length + settings.rules.length > 0) {
      await step('Chosen nodes', async () => {
        const { points, missing } = await findPoints(services, settings)
        if (points.length === 0)
          throw opcuaErrors.unreachable({ reason: missing.slice(0, 5).join('; ') || 'None is there.' })
        const left = missing.length === 0 ? '' : `; ${missing.slice(0, 5).join('; ')}`
        return [undefined, `${points.length} found${left}`] as const
      })
    }
    await session.close(true)
  } finally {
    await drop(client, clock)
  }
}

function identityName({ settings: { identity } }: Dial): string {
  if (identity.type === 'password') return identity.user
  return identity.type === 'certificate' ? 'the owner of the certificate' : 'anonymous'
}

/** One level of what the server has: its endpoints and servers it knows, and its address space. */
export async function browseServer(config: OpcuaConfig, ports: ProbePorts, at: BrowseAt): Promise<BrowsePage> {
  const dial = await dialFor(config, ports)
  try {
    ports.signal.throwIfAborted()
    if (at.node === undefined) return top()
    if (at.node === ENDPOINTS) return { items: endpointItems((await discover(dial)).offers) }
    if (at.node === SERVERS) return { items: await serverItems(dial) }
    return await browseNode(dial, at.node, at)
  } catch (error) {
    if (error instanceof MillwrightError) throw error
    throw opcuaErrors.unreachable({ reason: troubleOf(error, config.endpoint).reason, cause: error })
  }
}

const top = (): BrowsePage => ({
  items: [
    { id: OBJECTS, name: 'Objects', kind: 'folder', hasChildren: true },
    {
      id: ENDPOINTS,
      name: 'Endpoints',
      kind: 'server',
      hasChildren: true,
      description: 'How the server can be reached',
    },
    { id: SERVERS, name: 'Servers', kind: 'server', hasChildren: true, description: 'Those that this server knows of' },
  ],
})

function endpointItems(offers: readonly Offer[]): BrowsePage['items'] {
  const distinct = new Map(offers.map((offer) => [shownOffer(offer), offer]))
  return [...distinct].map(([name, { policy, mode, identities }]) => ({
    id: `endpoint:${name}`,
    name,
    kind: 'server',
    hasChildren: false,
    description: identities.join(', '),
    pick: { path: '/security', value: policy === 'None' ? { policy } : { policy, mode } },
  }))
}

/** FindServers (Part 4, 5.5.2). */
async function serverItems(dial: Dial): Promise<BrowsePage['items']> {
  const { clock, settings } = dial
  const client = makeClient(dial, undefined)
  try {
    await within(clock, settings.timeout, 'connecting', client.connect(settings.endpoint))
    const servers = await within(clock, settings.timeout, 'asking for servers', client.findServers())
    return servers.slice(0, 1000).flatMap((server) => {
      const url = server.discoveryUrls?.find((one) => one?.startsWith('opc.tcp://'))
      if (!url) return []
      return {
        id: `server:${server.applicationUri ?? url}`,
        name: server.applicationName?.text || url,
        kind: 'server' as const,
        hasChildren: false,
        description: url,
        pick: { path: '/endpoint', value: url },
      }
    })
  } finally {
    await drop(client, clock)
  }
}

async function browseNode(dial: Dial, node: string, { cursor, limit }: BrowseAt): Promise<BrowsePage> {
  const { offers } = await discover(dial)
  const { offer } = choose(dial, offers)
  const client = await openChannel(dial, offer)
  try {
    const session = await openSession(dial, client, offer)
    const services = await Services.on(dial.library, exchangeOn(client, session, dial.clock, dial.settings.timeout))
    const page = await browseBelow(services, placeOf(node, services), cursor, limit)
    await session.close(true)
    return page
  } finally {
    await drop(client, dial.clock)
  }
}
