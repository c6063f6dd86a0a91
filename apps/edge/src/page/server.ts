import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '@millwright/foundation'
import { PAGE, SCRIPT, STYLE } from './html.ts'

export interface StatusPageOptions {
  readonly host: string
  readonly port: number
  readonly log: Log
  /** What is shown, as it is now; plain data. */
  readonly shown: () => unknown
}

const HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/**
 * A page for the person who stands before the machine: read only, by default for the machine itself alone. `/status.json`
 * has the same.
 */
export class StatusPage {
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, host: string) {
    this.#server = server
    const name = host.includes(':') ? `[${host}]` : host
    this.url = `http://${name}:${(server.address() as AddressInfo).port}`
  }

  /** A port that is taken is no reason not to run: it is logged, and there is no page. */
  static async listen({ host, port, log, shown }: StatusPageOptions): Promise<StatusPage | undefined> {
    const local = isLoopback(host)
    const server = createServer((request, response) => answer(request, response, local, shown))
    server.requestTimeout = 5_000
    server.maxConnections = 32
    try {
      server.listen(port, host)
      await once(server, 'listening')
    } catch (error) {
      log.warn({ err: error, host, port }, 'there is no local page: the port is taken')
      return undefined
    }
    server.unref()
    return new StatusPage(server, host)
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

function answer(request: IncomingMessage, response: ServerResponse, local: boolean, shown: () => unknown): void {
  const send = (status: number, type: string, body: string) =>
    response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(body)
  // A page elsewhere must not read it by a name that it lets point here.
  if (local && !isLoopback(hostOf(request.headers.host))) return void send(403, 'text/plain', 'Ask by localhost.\n')
  if (request.method !== 'GET' && request.method !== 'HEAD') return void send(405, 'text/plain', 'Read only.\n')
  switch (request.url?.split('?')[0]) {
    case '/':
      return void send(200, 'text/html', PAGE)
    case '/style.css':
      return void send(200, 'text/css', STYLE)
    case '/script.js':
      return void send(200, 'text/javascript', SCRIPT)
    case '/status.json':
      return void send(200, 'application/json', JSON.stringify(shown()))
    default:
      return void send(404, 'text/plain', 'There is / and /status.json.\n')
  }
}

function hostOf(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
