import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { openTcp as connectTcp } from '@millwright/connectivity'
import type { PeerCertificate } from '@millwright/contracts'
import { type Clock, formatTime, MILLISECOND, type Micros, SECOND } from '@millwright/foundation'
import { brokerErrors } from '../errors.ts'
import { addressOf, type BrokerConfig, portOf } from './config.ts'
import { networkTrouble, type Trouble, trouble } from './trouble.ts'

const CONNECT_TIME: Micros = 10 * SECOND

/** A socket that bytes may be sent on, or why there is none. */
export type Opened = { readonly socket: Socket } | { readonly trouble: Trouble }

/** TCP alone. @param signal aborts the attempt */
export async function openTcp(config: BrokerConfig, signal: AbortSignal): Promise<Opened> {
  try {
    const socket = await connectTcp(config.host, portOf(config), CONNECT_TIME / MILLISECOND, signal)
    socket.on('error', () => socket.destroy())
    return { socket }
  } catch (error) {
    return { trouble: networkTrouble(error, addressOf(config)) }
  }
}

/**
 * TLS over an open socket. Whoever answers is judged before a byte of ours is sent: a broker that is not trusted sees
 * neither user name nor password.
 */
export function openTls(config: BrokerConfig, tcp: Socket, clock: Clock, signal: AbortSignal): Promise<Opened> {
  const expired = ownCertificateTrouble(config, clock.now())
  if (expired !== undefined) {
    tcp.destroy()
    return Promise.resolve({ trouble: expired })
  }
  const { host, serverName, ca, certificate, key } = config
  const name = serverName ?? host
  let socket: TLSSocket
  try {
    socket = connectTls({
      socket: tcp,
      host: name,
      ...(isAddress(name) ? {} : { servername: name }),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['mqtt'],
      // Judged below, with words, and with the certificates that a person accepted.
      rejectUnauthorized: false,
      ...(ca === undefined || ca === '' ? {} : { ca }),
      ...(certificate === undefined || certificate === '' ? {} : { cert: certificate, key }),
    })
  } catch (cause) {
    tcp.destroy()
    return Promise.resolve({ trouble: networkTrouble(cause, addressOf(config)) })
  }
  return settled(socket, 'secureConnect', config, clock, signal, () => {
    const bad = judge(socket, config, clock.now())
    if (bad === undefined) return { socket }
    socket.destroy()
    return { trouble: bad }
  })
}

const isAddress = (name: string): boolean => /^[\d.]+$/.test(name) || name.includes(':')

function ownCertificateTrouble(config: BrokerConfig, now: Micros): Trouble | undefined {
  if (config.certificate === undefined || config.certificate === '') return undefined
  const to = Date.parse(new X509Certificate(config.certificate).validTo) * 1000
  return now > to ? trouble(brokerErrors.clientCertificateExpired({ to: formatTime(to) }), true) : undefined
}

/** undefined: trusted. Dates hold for accepted certificates as well. */
function judge(socket: TLSSocket, config: BrokerConfig, now: Micros): Trouble | undefined {
  const address = addressOf(config)
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined)
    return trouble(brokerErrors.certificateUnknown({ address, why: 'it showed none' }), true)
  const from = Date.parse(certificate.validFrom) * 1000
  const to = Date.parse(certificate.validTo) * 1000
  if (now < from || now > to) {
    const error = brokerErrors.certificateExpired({ address, from: formatTime(from), to: formatTime(to) })
    return trouble(error, true)
  }
  const fingerprint = fingerprintOf(certificate)
  if (config.rejectedCertificates?.some((text) => text.replaceAll(':', '').toLowerCase() === fingerprint) === true) {
    const why = 'it was rejected'
    return trouble(brokerErrors.certificateUnknown({ address, why }), true, peerCertificate(certificate, why))
  }
  const trusted = config.trustedCertificates?.some((pem) => fingerprintOf(new X509Certificate(pem)) === fingerprint)
  if (trusted === true || socket.authorized) return undefined
  const why = reasonOf(String(socket.authorizationError))
  return trouble(brokerErrors.certificateUnknown({ address, why }), true, peerCertificate(certificate, why))
}

const REASONS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not among those trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not among those trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not among those trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not among those trusted',
}

function reasonOf(code: string): string {
  if (code.includes('ALTNAME')) return 'it is made out to another name'
  return REASONS[code] ?? code
}

const fingerprintOf = (certificate: X509Certificate): string =>
  certificate.fingerprint256.replaceAll(':', '').toLowerCase()

function peerCertificate(certificate: X509Certificate, reason: string): PeerCertificate {
  return {
    fingerprint: fingerprintOf(certificate),
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    notBefore: Date.parse(certificate.validFrom) * 1000,
    notAfter: Date.parse(certificate.validTo) * 1000,
    pem: certificate.toString(),
    reason,
  }
}

/** Resolves when the socket's event comes, or with what went wrong, or when the time is up. */
function settled(
  socket: Socket,
  event: string,
  config: BrokerConfig,
  clock: Clock,
  signal: AbortSignal,
  made: () => Opened,
): Promise<Opened> {
  return new Promise((resolve) => {
    const address = addressOf(config)
    const failed = (cause: unknown) => {
      done({ trouble: networkTrouble(cause, address) })
      socket.destroy()
    }
    const timer = clock.after(CONNECT_TIME, () => failed(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
    const aborted = () => failed(new Error('stopped'))
    const closed = () => failed(Object.assign(new Error(), { code: 'ECONNRESET' }))
    const done = (opened: Opened) => {
      timer.cancel()
      signal.removeEventListener('abort', aborted)
      socket.off('error', failed)
      socket.off('close', closed)
      // What comes after the answer is the next owner's; an error without listener would end the process.
      socket.on('error', () => socket.destroy())
      resolve(opened)
    }
    socket.once('error', failed)
    socket.once('close', closed)
    socket.once(event, () => done(made()))
    if (signal.aborted) aborted()
    else signal.addEventListener('abort', aborted, { once: true })
  })
}
