import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from 'node:tls'

/** A connection that says nothing for this long is closed, ms. */
const FIRST_BYTE_TIMEOUT = 10_000
/** First byte of a TLS handshake record (RFC 8446, 5.1). */
const TLS_HANDSHAKE = 0x16

export interface FrontDoor {
  readonly server: Server
  /** Serves new connections with another certificate. */
  renew(tls: TlsOptions): void
}

/**
 * One port for HTTP and HTTPS, told apart by the first byte: the console on this machine works without a certificate
 * warning, and devices and other machines speak TLS to the same address.
 */
export function frontDoor(listener: RequestListener, tls: TlsOptions, options: ServerOptions = {}): FrontDoor {
  const server = createServer(options, listener)
  const serve = server.listeners('connection')[0] as (this: Server, socket: Socket) => void
  const secure: TlsServer = createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false })
  const open = new Set<Socket>()
  // The HTTP server knows of those that have spoken HTTP; it would wait for the others when it closes.
  server.closeAllConnections = () => {
    for (const socket of open) socket.destroy()
  }
  secure.on('secureConnection', (socket) => serve.call(server, socket))
  // A handshake that fails is the peer's affair: the socket is gone, there is nobody to answer.
  secure.on('tlsClientError', (_, socket) => socket.destroy())
  server.removeAllListeners('connection')
  server.on('connection', (socket) => {
    const quiet = setTimeout(() => socket.destroy(), FIRST_BYTE_TIMEOUT)
    open.add(socket)
    socket.once('close', () => {
      clearTimeout(quiet)
      open.delete(socket)
    })
    socket.once('error', () => socket.destroy())
    socket.once('readable', () => {
      clearTimeout(quiet)
      const first: Buffer | null = socket.read(1)
      if (first === null) return
      socket.unshift(first)
      if (first[0] === TLS_HANDSHAKE) secure.emit('connection', socket)
      else serve.call(server, socket)
    })
  })
  return { server, renew: (next) => secure.setSecureContext(next) }
}
