import { TLSSocket } from 'node:tls'
import { connectivityErrors } from '@millwright/connectivity'
import type { DeviceIdentity, IdentifiedDevice } from '@millwright/trust'
import type { FastifyRequest } from 'fastify'

/**
 * Who sent this: the bearer token where there is one, else the certificate of the TLS handshake. Never anything in the
 * body. @throws 401
 */
export async function identify(request: FastifyRequest, identity: DeviceIdentity): Promise<IdentifiedDevice> {
  const token = bearerToken(request.headers.authorization)
  if (token !== undefined) return identity.byToken(token)
  const { socket } = request.raw
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
  if (certificate === undefined) throw connectivityErrors.notIdentified({ path: 'authorization' })
  return identity.byCertificate(certificate)
}

function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const match = /^Bearer +([!-~]{1,300})$/i.exec(header)
  if (match === null) throw connectivityErrors.notIdentified({ path: 'authorization' })
  return match[1]
}
