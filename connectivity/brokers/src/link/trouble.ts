import type { PeerCertificate } from '@millwright/contracts'
import { MillwrightError } from '@millwright/foundation'
import { brokerErrors } from '../errors.ts'

/** Why a line could not be had, or was lost. */
export interface Trouble {
  readonly error: MillwrightError
  /** A person must change something; else it is tried again by itself. */
  readonly lasting: boolean
  /** What the broker showed, when it is the reason. */
  readonly certificate: PeerCertificate | undefined
}

export const trouble = (error: MillwrightError, lasting = false, certificate?: PeerCertificate): Trouble => ({
  error,
  lasting,
  certificate,
})

/** Said when a socket could not be opened, so that a person at the plant knows where to look. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: does the broker run, and is the port right?',
  ECONNRESET: 'it closed the connection: does it expect TLS, or not?',
  ENOTFOUND: 'the name is not known: is it spelt right?',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no answer: is it on, and does a firewall stand between?',
  EHOSTUNREACH: 'no route to it: is the network up?',
  ENETUNREACH: 'no route to it: is the network up?',
  EPIPE: 'it closed the connection',
}

/** A socket's error in words. */
export function networkTrouble(cause: unknown, address: string): Trouble {
  if (cause instanceof MillwrightError) return trouble(cause)
  const { code = '', message } = cause as NodeJS.ErrnoException
  const tls = /^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)
  const why = tls ? `the TLS handshake failed (${code}): is TLS right for this port?` : (NETWORK[code] ?? message)
  return trouble(brokerErrors.unreachable({ why: `No answer from ${address} (${why})`, cause }), tls)
}

/** CONNACK's refusals: 3.1.1 table 3.1, 5.0 table 3-1. The broker's own words are not shown: they may hold anything. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'it does not speak this version of MQTT',
  2: 'it does not take the client id',
  3: 'it is not available at present',
  4: 'the user name or the password is wrong',
  5: 'this user may not connect',
  132: 'it does not speak this version of MQTT',
  133: 'it does not take the client id',
  134: 'the user name or the password is wrong',
  135: 'this user may not connect',
  136: 'it is not available at present',
  137: 'it is too busy',
  138: 'this client is banned',
  151: 'its quota is used up',
  159: 'too many connections in too short a time',
}
const PASSING = new Set([3, 0x88, 0x89, 0x97, 0x9f])

export function refusalTrouble(code: number, address: string): Trouble {
  const why = REFUSALS[code] ?? `code ${code}`
  return trouble(brokerErrors.refused({ address, why }), !PASSING.has(code))
}
