import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/**
 * Finds out whether a port can be had before anything else is touched, and which one when any will do (0). Throws the
 * operating system's error (EADDRINUSE, EACCES, EADDRNOTAVAIL) with the port in it.
 */
export async function claimPort(port: number, host: string): Promise<number> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch (error) {
    throw Object.assign(error as Error, { port })
  } finally {
    server.close()
  }
}
