import { Secret } from '@millwright/contracts'
import { Type } from 'typebox'
import { influxErrors } from '../errors.ts'
import type { Credentials } from './credentials.ts'

export interface ReceiverConfig {
  readonly host: string
  readonly port: number
  readonly token?: string
  readonly username?: string
  readonly password?: string
  readonly certificate?: string
  readonly key?: string
  readonly maxBodyMegabytes: number
}

/** The fields of a listener's configuration. @param port where senders expect it */
export const receiverFields = (port: number) => ({
  host: Type.String({
    title: 'Address',
    description: 'Address of this machine to listen on; 0.0.0.0 is all of them and needs credentials',
    default: '127.0.0.1',
    minLength: 1,
    maxLength: 253,
  }),
  port: Type.Integer({
    title: 'Port',
    description: 'TCP port to listen on; 0 takes a free one',
    default: port,
    minimum: 0,
    maximum: 65_535,
  }),
  token: Type.Optional(
    Secret({ title: 'Token', description: 'Senders show it as "Authorization: Token …" or "Bearer …"' }),
  ),
  username: Type.Optional(
    Type.String({ title: 'User', description: 'For senders with user and password', minLength: 1, maxLength: 200 }),
  ),
  password: Type.Optional(Secret({ title: 'Password', description: 'Of the user' })),
  certificate: Type.Optional(
    Type.String({
      title: 'Certificate',
      description: 'PEM, with its chain: senders then have to use https',
      maxLength: 65_536,
    }),
  ),
  key: Type.Optional(Secret({ title: 'Private key', description: 'PEM, of the certificate', maxLength: 16_384 })),
  maxBodyMegabytes: Type.Integer({
    title: 'Largest request (MB)',
    description: 'After decompression; larger ones are refused with 413',
    default: 25,
    minimum: 1,
    maximum: 100,
  }),
})

export const credentialsOf = (config: ReceiverConfig): Credentials => ({
  token: config.token,
  username: config.username,
  password: config.password,
})

export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)

/** Throws what the schema cannot say. */
export function receiverProblem(config: ReceiverConfig): void {
  if ((config.username === undefined) !== (config.password === undefined))
    throw influxErrors.userWithoutPassword({ path: config.username === undefined ? '/username' : '/password' })
  if ((config.certificate === undefined) !== (config.key === undefined))
    throw influxErrors.certificateWithoutKey({ path: config.key === undefined ? '/key' : '/certificate' })
  if (config.token === undefined && config.username === undefined && !isLoopback(config.host))
    throw influxErrors.openToAll({ host: config.host, path: '/token' })
}
