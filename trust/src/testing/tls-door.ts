import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import type { TestTrust } from './open-trust.ts'

export interface Answer {
  readonly code?: string
  readonly device?: string
  readonly tenant?: string
  readonly serial?: string
  readonly authorized?: boolean
}

/** Asks for certificates as the broker does: everybody may show one, who they are is decided after the handshake. */
export class TlsDoor {
  readonly #server: tls.Server
  readonly #kit: TestTrust

  private constructor(server: tls.Server, kit: TestTrust) {
    this.#server = server
    this.#kit = kit
  }

  static async open(kit: TestTrust): Promise<TlsDoor> {
    const { key, cert, ca } = kit.trust.authority.serverTls()
    const server = tls.createServer({
      key,
      cert,
      ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    })
    server.on('secureConnection', async (socket) => {
      socket.on('error', () => undefined)
      const peer = socket.getPeerX509Certificate()
      try {
        if (peer === undefined) throw Object.assign(new Error('no certificate'), { code: 'none' })
        const found = await kit.trust.deviceIdentity.byCertificate(peer)
        socket.end(JSON.stringify({ ...found, authorized: socket.authorized }))
      } catch (error) {
        socket.end(JSON.stringify({ code: (error as { code: string }).code }))
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new TlsDoor(server, kit)
  }

  /** Connects over a real socket, trusting the platform's authority alone. */
  connect(options: tls.ConnectionOptions): Promise<Answer> {
    const { port } = this.#server.address() as AddressInfo
    return new Promise((resolve, reject) => {
      let text = ''
      const socket = tls.connect({
        port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca: this.#kit.trust.authority.certificate,
        ...options,
      })
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('end', () => resolve(JSON.parse(text)))
      socket.on('error', reject)
    })
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}
