import { connect, type Socket } from 'node:net'
import { errorCatalogue, type MillwrightError } from '@millwright/foundation'

/** Why a peer cannot be reached, in words that a person at the machine can act on. */
export const peerErrors = errorCatalogue('PEER', {
  refused: {
    number: 1,
    status: 502,
    text: 'No answer from {peer} (connection refused): is the device on, and is the port right?',
  },
  silent: {
    number: 2,
    status: 504,
    text: 'No answer from {peer} within {seconds} s: is the device on and on this network, and does a firewall let us through?',
  },
  unknownHost: { number: 3, status: 502, text: 'The name of {peer} is not known to the DNS: is it spelled right?' },
  unreachable: {
    number: 4,
    status: 502,
    text: 'There is no way to {peer} ({what}): check the cable, the network and the address.',
  },
  failed: { number: 5, status: 502, text: 'The connection to {peer} failed: {what}.' },
  stopped: { number: 6, status: 503, text: 'The connection to {peer} was given up: we stopped.' },
})

/**
 * Opens a TCP connection without Nagle's algorithm and with keep-alive probes, so that a half-open one is found out.
 * Rejects with a MillwrightError of `peerErrors`.
 * @param timeout ms
 */
export function openTcp(host: string, port: number, timeout: number, signal?: AbortSignal): Promise<Socket> {
  const peer = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(peerErrors.stopped({ peer }))
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 })
    const settle = (error?: MillwrightError) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stopped)
      socket.removeListener('error', failed)
      socket.removeListener('connect', connected)
      if (error === undefined) return resolve(socket)
      // What it still has to say (a late error) is of no use, but must not be unhandled.
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    const connected = () => settle()
    const failed = (cause: NodeJS.ErrnoException) => settle(unreachable(peer, cause))
    const stopped = () => settle(peerErrors.stopped({ peer }))
    const timer = setTimeout(() => settle(peerErrors.silent({ peer, seconds: timeout / 1000 })), timeout)
    socket.once('connect', connected)
    socket.once('error', failed)
    signal?.addEventListener('abort', stopped)
  })
}

/** The error of a socket, in words. */
export function unreachable(peer: string, cause: NodeJS.ErrnoException): MillwrightError {
  switch (cause.code) {
    case 'ECONNREFUSED':
      return peerErrors.refused({ peer, cause })
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return peerErrors.unknownHost({ peer, cause })
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return peerErrors.unreachable({
        peer,
        what: cause.code === 'EHOSTUNREACH' ? 'host unreachable' : 'network unreachable',
        cause,
      })
    case 'ETIMEDOUT':
      return peerErrors.unreachable({ peer, what: 'timed out', cause })
    default:
      return peerErrors.failed({ peer, what: cause.code === undefined ? cause.message : cause.code, cause })
  }
}
