import type { X509Certificate } from 'node:crypto'
import type { Log } from '@millwright/foundation'
import type { ClientSession, OPCUAClient, Variant } from 'node-opcua-client'
import { type Exchange, exchangeOn } from '../session/exchange.ts'
import { choose, type Dial, discover, drop, openChannel, openSession } from '../session/open.ts'
import { Services } from '../session/services.ts'
import { TimedOut, within } from '../session/within.ts'

/** A session that works, until it is lost. */
export interface LiveSession {
  readonly client: OPCUAClient
  readonly session: ClientSession
  readonly services: Services
  readonly exchange: Exchange
  /** It is the one from before: its subscriptions are there. */
  readonly resumed: boolean
  /** When the server started, as it says: another one is another address space. */
  readonly started: number
  /** The server's, which was accepted; undefined on a channel without one. */
  readonly certificate: X509Certificate | undefined
}

/** What a broken connection leaves, to go on with. */
export interface Leftover {
  readonly session: ClientSession
  readonly started: number
}

const START_TIME = 'i=2257'

/** Connects: finds the endpoint, judges its certificate, goes on with the session from before or makes one. */
export async function connect(dial: Dial, leftover: Leftover | undefined, log: Log): Promise<LiveSession> {
  const { offers } = await discover(dial)
  const { offer, certificate } = choose(dial, offers)
  const client = await openChannel(dial, offer)
  try {
    const before = leftover === undefined ? undefined : await reactivated(dial, client, leftover, log)
    const session = before ?? (await openSession(dial, client, offer))
    const exchange = exchangeOn(client, session, dial.clock, dial.settings.timeout)
    const services = await Services.on(dial.library, exchange)
    const [start] = await services.readValues([START_TIME])
    const started = start?.value?.value instanceof Date ? start.value.value.getTime() : 0
    return { client, session, services, exchange, resumed: before !== undefined, started, certificate }
  } catch (error) {
    await drop(client, dial.clock)
    throw error
  }
}

async function reactivated(
  dial: Dial,
  client: OPCUAClient,
  { session }: Leftover,
  log: Log,
): Promise<ClientSession | undefined> {
  try {
    const work = client.reactivateSession(session)
    await within(dial.clock, dial.settings.timeout, 'reactivating the session', work)
    return session
  } catch (error) {
    // The server restarted or gave the session up: a new one it is.
    log.debug({ reason: (error as Error).message.slice(0, 200) }, 'the session cannot be taken up again')
    return undefined
  }
}

/** Closes the session and its subscriptions; a peer that hangs is left behind. */
export async function end({ client, session }: LiveSession, dial: Dial): Promise<void> {
  await within(dial.clock, 1500, 'closing the session', session.close(true)).catch(() => {
    // It times out at the server.
  })
  await drop(client, dial.clock)
}

/** Makes structures of the server's own types readable in place, asking it for their definitions when they are met first. */
export function structuresOf({ session, services }: LiveSession, dial: Dial, log: Log) {
  return async (values: readonly { readonly value: Variant }[]): Promise<void> => {
    const work = services.library.promoteOpaqueStructure(session, [...values])
    try {
      await within(dial.clock, dial.settings.timeout, 'asking for types', work)
    } catch (error) {
      if (error instanceof TimedOut) throw error
      // A type that the server describes wrongly, or not at all: its bytes are kept.
      log.debug({ reason: (error as Error).message.slice(0, 200) }, 'a structure’s type cannot be read')
    }
  }
}
