import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what systems give to outgoing connections (Linux: 32768, IANA: 49152): nobody gets it by chance meanwhile. */
const FIRST = 10_000
const LAST = 32_767

/** A TCP port that nobody listens on now, for peers that cannot be asked which one they took. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1))
    const server = createServer().listen(port)
    try {
      await once(server, 'listening')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
}
