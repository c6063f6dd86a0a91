import { openTcp, unreachable } from '@millwright/connectivity'
import { modbusErrors } from '../errors.ts'
import type { OpenWire } from './wire.ts'

/** @param timeout ms to open the connection */
export function tcpWire(host: string, port: number, timeout: number): OpenWire {
  const peer = `${host}:${port}`
  return async (events, signal) => {
    const socket = await openTcp(host, port, timeout, signal)
    let told = false
    const tell = (error: Parameters<typeof events.closed>[0]) => {
      if (told) return
      told = true
      socket.destroy()
      events.closed(error)
    }
    socket.on('data', (bytes) => events.data(bytes))
    socket.on('error', (cause) => tell(unreachable(peer, cause)))
    socket.on('close', () => tell(modbusErrors.closed({ peer, why: 'the device closed it' })))
    return {
      write: (bytes) => {
        socket.write(bytes)
      },
      close: async () => {
        told = true
        socket.destroy()
      },
    }
  }
}
