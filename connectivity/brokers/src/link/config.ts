import { createPrivateKey, X509Certificate } from 'node:crypto'
import { Choice, Secret } from '@millwright/contracts'
import { Type } from 'typebox'
import { brokerErrors } from '../errors.ts'

const Pem = (title: string, description: string) =>
  Type.Optional(Type.String({ maxLength: 65_536, title, description }))

/** Fields of every connection to an external MQTT broker; `{ host }` is enough. */
export const brokerFields = {
  host: Type.String({ minLength: 1, maxLength: 253, title: 'Host', description: 'Name or address of the broker' }),
  port: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 65_535, title: 'Port', description: '1883, with TLS 8883, when left out' }),
  ),
  protocol: Type.Unsafe<'3.1.1' | '5'>({
    ...Choice(['3.1.1', '5']),
    default: '3.1.1',
    title: 'MQTT version',
    description: 'Version of MQTT that the broker speaks',
  }),
  tls: Type.Boolean({
    default: false,
    title: 'TLS',
    description: 'Encrypt the connection and check who the broker is',
  }),
  username: Type.Optional(Type.String({ maxLength: 500, title: 'User name', description: 'As the broker knows us' })),
  password: Type.Optional(Secret({ title: 'Password', description: 'Of that user', maxLength: 4096 })),
  clientId: Type.Optional(
    Type.String({ maxLength: 128, title: 'Client id', description: 'Made from the connection’s own id when left out' }),
  ),
  keepAlive: Type.Integer({
    minimum: 1,
    maximum: 600,
    default: 30,
    title: 'Keep alive (s)',
    description: 'A broker that is silent for one and a half times as long is taken for gone',
  }),
  ca: Pem(
    'Authority (PEM)',
    'Certificates of the authorities that may have issued the broker’s; the system’s when empty',
  ),
  serverName: Type.Optional(
    Type.String({ maxLength: 253, title: 'Name in the certificate', description: 'Where it differs from the host' }),
  ),
  trustedCertificates: Type.Optional(
    Type.Array(Type.String({ maxLength: 16_384 }), {
      maxItems: 100,
      title: 'Trusted certificates',
      description: 'PEM of broker certificates that are trusted though no authority vouches for them',
    }),
  ),
  rejectedCertificates: Type.Optional(
    Type.Array(Type.String({ pattern: '^[0-9a-fA-F:]{64,95}$' }), {
      maxItems: 1000,
      title: 'Rejected certificates',
      description: 'SHA-256 fingerprints that somebody turned down: nothing is asked of a broker that shows one',
    }),
  ),
  certificate: Pem('Client certificate (PEM)', 'Shown to brokers that ask for one, with its chain'),
  key: Type.Optional(
    Secret({ title: 'Client key (PEM)', description: 'Private key of the client certificate', maxLength: 16_384 }),
  ),
}

/** What the fields above give. */
export interface BrokerConfig {
  readonly host: string
  readonly port?: number
  readonly protocol?: '3.1.1' | '5'
  readonly tls?: boolean
  readonly username?: string
  readonly password?: string
  readonly clientId?: string
  readonly keepAlive?: number
  readonly ca?: string
  readonly serverName?: string
  readonly trustedCertificates?: readonly string[]
  readonly rejectedCertificates?: readonly string[]
  readonly certificate?: string
  readonly key?: string
}

export const portOf = (config: BrokerConfig): number => config.port ?? (config.tls === true ? 8883 : 1883)

/** As people read it; an IPv6 address in brackets. */
export const addressOf = (config: BrokerConfig): string =>
  `${config.host.includes(':') ? `[${config.host}]` : config.host}:${portOf(config)}`

/** What the schema cannot say of the fields. @throws MW-BRK-0009, 0010, 0020, 0021 */
export function checkBroker(config: BrokerConfig): void {
  const { certificate, key, ca } = config
  const has = (text: string | undefined) => text !== undefined && text !== ''
  if (has(certificate) !== has(key)) throw brokerErrors.keyNeeded({ path: '/key' })
  if (config.tls !== true && (has(certificate) || has(ca))) {
    throw brokerErrors.tlsOff({ path: has(ca) ? '/ca' : '/certificate' })
  }
  if (has(ca)) readPem('/ca', () => new X509Certificate(ca!))
  for (const [at, pem] of (config.trustedCertificates ?? []).entries()) {
    readPem(`/trustedCertificates/${at}`, () => new X509Certificate(pem))
  }
  if (!has(certificate)) return
  const own = readPem('/certificate', () => new X509Certificate(certificate!))
  const mine = readPem('/key', () => own.checkPrivateKey(createPrivateKey(key!)))
  if (!mine) throw brokerErrors.clientCertificateInvalid({ path: '/key', why: 'it is not the certificate’s key' })
}

function readPem<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch {
    // The cause is left out: it may quote a part of the key.
    throw brokerErrors.clientCertificateInvalid({ path, why: 'it is no PEM, or is protected by a password' })
  }
}
