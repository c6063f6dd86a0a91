import { MillwrightError } from '@millwright/foundation'
import { TimedOut } from './within.ts'

/** Why the server cannot be used, and who has to do something about it. */
export interface Trouble {
  /** `failed`: a person must change something; `waiting`: it may come back by itself. */
  readonly state: 'waiting' | 'failed'
  readonly reason: string
}

/** A step of connecting failed in a way that is known in words already. */
export class ConnectFailure extends Error {
  readonly trouble: Trouble
  constructor(trouble: Trouble, cause?: unknown) {
    super(trouble.reason, { cause })
    this.name = 'ConnectFailure'
    this.trouble = trouble
  }
}

/** Status codes and socket errors as a plant engineer can act on them; the first that is in the message counts. */
const KNOWN: readonly (readonly [pattern: RegExp, state: Trouble['state'], words: (at: string) => string])[] = [
  [
    /ECONNREFUSED/,
    'waiting',
    (at) => `No answer from ${at} (connection refused): is the server running, and is the port right?`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    'waiting',
    (at) => `The name in ${at} cannot be found: is it spelled right, does DNS know it?`,
  ],
  [/EHOSTUNREACH|ENETUNREACH/, 'waiting', (at) => `There is no way to ${at}: is the network up?`],
  [/ETIMEDOUT/, 'waiting', (at) => `No answer from ${at}: is the server on, and does a firewall stand between?`],
  [
    /BadUserAccessDenied|BadIdentityTokenRejected|BadIdentityTokenInvalid/,
    'failed',
    () => 'The server does not know this user, or the password or certificate is wrong.',
  ],
  [
    /BadSecurityChecksFailed|BadCertificateUntrusted|BadCertificateInvalid|BadCertificateUriInvalid/,
    'failed',
    () => 'The server does not accept Millwright’s certificate: trust it at the server, then it goes on by itself.',
  ],
  [
    /BadCertificateTimeInvalid/,
    'failed',
    () => 'The server says Millwright’s certificate is out of date: check the server’s clock.',
  ],
  [/BadTooManySessions/, 'waiting', () => 'The server has no session left: close other clients, or raise its limit.'],
  [
    /BadTooManySubscriptions/,
    'waiting',
    () => 'The server has no subscription left: make itemsPerSubscription larger.',
  ],
  [/BadTcpEndpointUrlInvalid|BadServerUriInvalid/, 'failed', (at) => `The server does not know the path in ${at}.`],
  [/BadServerHalted|BadShutdown/, 'waiting', () => 'The server is shutting down.'],
  [/BadUserSignatureInvalid/, 'failed', () => 'The server does not accept the user’s certificate.'],
  [
    /ECONNRESET|EPIPE|socket has been disconnected|connection was closed|BadConnectionClosed|has been closed/i,
    'waiting',
    (at) => `${at} broke the connection.`,
  ],
  [
    /timed? ?out|timeout/i,
    'waiting',
    (at) => `${at} does not answer: is it overloaded, or is it something else than OPC UA?`,
  ],
]

/** @param at the endpoint, as people typed it */
export function troubleOf(error: unknown, at: string): Trouble {
  if (error instanceof ConnectFailure) return error.trouble
  if (error instanceof MillwrightError) return { state: 'failed', reason: error.message }
  if (error instanceof TimedOut) return { state: 'waiting', reason: `${at} does not answer: ${error.message}.` }
  const message = error instanceof Error ? error.message : String(error)
  for (const [pattern, state, words] of KNOWN) if (pattern.test(message)) return { state, reason: words(at) }
  return { state: 'waiting', reason: `${at}: ${firstLine(message)}` }
}

const firstLine = (text: string): string => (text.trim().split('\n', 1)[0] ?? '').slice(0, 300)

/** What a person can do about a status code of a write or a call. */
export function hintOf(status: string): string {
  if (/BadNotWritable|BadUserAccessDenied|BadNotExecutable/.test(status))
    return 'This user may not do that at the server.'
  if (/BadTypeMismatch|BadInvalidArgument|BadArgumentsMissing/.test(status)) return 'The type does not fit.'
  if (/BadOutOfRange/.test(status)) return 'The value is outside what the server allows.'
  if (/BadNodeIdUnknown|BadMethodInvalid/.test(status)) return 'It is not there any more.'
  return 'See the server’s own log.'
}
