import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Where a port is looked for when any will do: below those that systems give to outgoing connections (Linux: 32768), one of which
 * could otherwise get it between this question and the listening.
 */
const FIRST = 10_000
const LAST = 32_767
const TRIES = 50

/**
 * Finds out whether a port can be had before anything else is touched, and which one when any will do (0). Throws the
 * operating system's error (EADDRINUSE, EACCES, EADDRNOTAVAIL) with the port in it.
 */
export async function claimPort(port: number, host: string): Promise<number> {
  for (let tried = 1; ; tried++) {
    const asked = port === 0 ? FIRST + Math.floor(Math.random() * (LAST - FIRST + 1)) : port
    try {
      await bind(asked, host)
      return asked
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (port !== 0 || !taken || tried === TRIES) throw Object.assign(error as Error, { port: asked })
    }
  }
}

async function bind(port: number, host: string): Promise<void> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } finally {
    server.close()
  }
}
