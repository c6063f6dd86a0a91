import { X509Certificate } from 'node:crypto'
import type { PeerCertificate } from '@millwright/contracts'
import type { Clock } from '@millwright/foundation'
import type { ClientSession, EndpointDescription, OPCUAClient, UserIdentityInfo } from 'node-opcua-client'
import type { Settings } from '../config.ts'
import type { Library } from '../library.ts'
import type { ApplicationIdentity } from '../security/application.ts'
import { readCertificates } from '../security/pem.ts'
import { judge, type Verdict } from '../security/trust-list.ts'
import { chooseOffer, type Offer, offersOf } from './endpoints.ts'
import { within } from './within.ts'
import { ConnectFailure } from './words.ts'

/** What reaching a server needs. */
export interface Dial {
  readonly library: Library
  readonly settings: Settings
  readonly application: ApplicationIdentity
  readonly clock: Clock
}

const WHAT_TO_DO = {
  unknown: ' Accept it in the console.',
  rejected: ' Nothing is read until the server shows another one, or somebody accepts this one after all.',
  refused: '',
} as const

/** A server's certificate that is not to be trusted as it stands. */
export class Untrusted extends ConnectFailure {
  /** Set when a person is to decide. */
  readonly certificate: PeerCertificate | undefined
  constructor({ trust, reason, certificate }: Extract<Verdict, { trust: 'unknown' | 'rejected' | 'refused' }>) {
    super({ state: 'failed', reason: `${reason}${WHAT_TO_DO[trust]}` })
    // Who rejected one may find that it was the right one: it stays there to be accepted.
    this.certificate = trust === 'refused' ? undefined : certificate
  }
}

/** Longest chunk, and longest message: 64 MiB would let a lying server fill the memory of a small agent. */
const LIMITS = { maxMessageSize: 16 << 20, maxChunkCount: 1024, receiveBufferSize: 65_536, sendBufferSize: 65_536 }
const SESSION_TIMEOUT = 120_000

export function makeClient({ library, settings, application }: Dial, offer: Offer | undefined): OPCUAClient {
  const key = library.crypto_utils.makePrivateKeyFromPem(application.key)
  const certificate = application.certificate.raw
  const secured = offer !== undefined && offer.policy !== 'None'
  const { MessageSecurityMode, SecurityPolicy } = library
  return library.OPCUAClient.create({
    applicationName: 'Millwright',
    applicationUri: application.applicationUri,
    clientName: 'Millwright',
    certificateKeyPairProvider: {
      getCertificate: () => certificate,
      getCertificateChain: () => [certificate],
      getPrivateKey: () => key,
    },
    securityMode: secured ? MessageSecurityMode[offer.mode] : MessageSecurityMode.None,
    securityPolicy: secured ? SecurityPolicy[offer.policy] : SecurityPolicy.None,
    // Judged already; it is also what a password is encrypted with, on an unsecured channel too.
    ...(offer?.certificate === undefined ? {} : { serverCertificate: leafOf(offer.certificate) }),
    // Servers behind NAT and in containers announce names that this side cannot use.
    endpointMustExist: false,
    // Connecting again is this adapter's own work: it says why, and waits with growing pauses.
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
    keepPendingSessionsOnDisconnect: true,
    requestedSessionTimeout: SESSION_TIMEOUT,
    defaultTransactionTimeout: settings.timeout,
    transportTimeout: SESSION_TIMEOUT,
    transportSettings: LIMITS,
  })
}

/** The first of a chain. */
const leafOf = (chain: Buffer): Buffer => new X509Certificate(chain).raw

export interface Discovered {
  readonly endpoints: readonly EndpointDescription[]
  readonly offers: readonly Offer[]
}

/** Asks the server what it offers, on an unsecured channel, as everybody may. */
export async function discover(dial: Dial): Promise<Discovered> {
  const client = makeClient(dial, undefined)
  const { clock, settings } = dial
  try {
    await within(clock, settings.timeout, 'connecting', client.connect(settings.endpoint))
    const endpoints = await within(clock, settings.timeout, 'asking for endpoints', client.getEndpoints())
    return { endpoints, offers: offersOf(endpoints) }
  } finally {
    await drop(client, clock)
  }
}

/** An endpoint to be used, and the certificate that was accepted for it. */
export interface Chosen {
  readonly offer: Offer
  readonly certificate: X509Certificate | undefined
}

/** Chooses the endpoint and judges its certificate; throws ConnectFailure, Untrusted. */
export function choose(dial: Dial, offers: readonly Offer[]): Chosen {
  const { settings, clock } = dial
  const offer = chooseOffer(offers, settings)
  if (typeof offer === 'string') throw new ConnectFailure({ state: 'failed', reason: offer })
  // Nobody is to be trusted on an unsecured channel without a secret to protect.
  if (offer.policy === 'None' && settings.identity.type === 'anonymous') return { offer, certificate: undefined }
  if (offer.certificate === undefined) {
    if (offer.policy === 'None') return { offer, certificate: undefined }
    throw new ConnectFailure({ state: 'failed', reason: 'The server shows no certificate for this endpoint.' })
  }
  const trusted = settings.trusted.flatMap((pem) => readCertificates(pem, '/trustedCertificates'))
  const verdict = judge(
    { certificate: offer.certificate, host: hostOf(settings.endpoint), applicationUri: offer.applicationUri },
    { trusted, rejected: settings.rejected, acceptExpired: settings.acceptExpired },
    clock.now(),
  )
  if (verdict.trust === 'unreadable') throw new ConnectFailure({ state: 'failed', reason: verdict.reason })
  if (verdict.trust !== 'accepted') throw new Untrusted(verdict)
  return { offer, certificate: verdict.certificate }
}

export const hostOf = (endpoint: string): string => new URL(endpoint.replace(/^opc\.tcp:/, 'http:')).hostname

/** Opens the channel to an endpoint that was chosen. The caller drops the client. */
export async function openChannel(dial: Dial, offer: Offer): Promise<OPCUAClient> {
  const client = makeClient(dial, offer)
  try {
    const { clock, settings } = dial
    await within(clock, settings.timeout, 'opening the secure channel', client.connect(settings.endpoint))
    return client
  } catch (error) {
    await drop(client, dial.clock)
    throw error
  }
}

/** Makes and activates a session; refuses a server whose own list of endpoints says that a better one was hidden. */
export async function openSession(dial: Dial, client: OPCUAClient, offer: Offer): Promise<ClientSession> {
  const { clock, settings } = dial
  const session = await within(clock, settings.timeout, 'opening the session', client.createSession(identityOf(dial)))
  if (settings.policy === 'best' && offer.policy !== 'None') {
    const best = chooseOffer(offersOf(session.serverEndpoints ?? []), settings)
    if (typeof best === 'object' && best.policy !== offer.policy) {
      throw new ConnectFailure({
        state: 'failed',
        reason: 'Somebody between here and the server hid its best endpoint: check the network.',
      })
    }
  }
  return session
}

function identityOf({ library, settings }: Dial): UserIdentityInfo {
  const { identity } = settings
  const { UserTokenType } = library
  if (identity.type === 'password') {
    return { type: UserTokenType.UserName, userName: identity.user, password: identity.password }
  }
  if (identity.type === 'certificate') {
    const certificate = readCertificates(identity.certificate, '/identity/certificate')[0]!
    const { crypto_utils: crypto } = library
    const keyOperations = crypto.keyOperationsFromPrivateKey(crypto.makePrivateKeyFromPem(identity.key))
    return { type: UserTokenType.Certificate, certificateData: certificate.raw, keyOperations }
  }
  return { type: UserTokenType.Anonymous }
}

/** Closes the channel, sessions or not; a peer that hangs is left behind. */
export async function drop(client: OPCUAClient, clock: Clock): Promise<void> {
  client.removeAllListeners()
  await within(clock, 1000, 'closing', client.disconnect()).catch(() => {
    // The peer is gone or hangs: its socket closes by itself.
  })
}
