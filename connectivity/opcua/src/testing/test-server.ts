import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '@millwright/foundation/testing'
import type { ServerSettings } from './settings.ts'

/** A test server in its own process. */
export class TestServer {
  readonly pem: string
  readonly port: number
  readonly #child: ChildProcess
  readonly #answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  #orders = 0

  private constructor(child: ChildProcess, pem: string, port: number) {
    this.#child = child
    this.pem = pem
    this.port = port
    child.on('message', (message: { id: number; result?: unknown; error?: string }) => {
      const waiting = this.#answers.get(message.id)
      this.#answers.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.result)
      else waiting?.reject(new Error(message.error))
    })
  }

  static async start(settings: Partial<ServerSettings> = {}): Promise<TestServer> {
    const port = settings.port ?? (await freePort())
    const script = join(import.meta.dirname, 'server.ts')
    const child = fork(script, [JSON.stringify({ ...settings, port })], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let errors = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      errors = (errors + bytes).slice(-4000)
    })
    const ready = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)])
    if (ready === undefined) throw new Error(`the test server did not start: ${errors}`)
    child.once('exit', (code) => {
      if (code !== null && code !== 0) process.stderr.write(`the test server died: ${errors}\n`)
    })
    return new TestServer(child, (ready[0] as { pem: string }).pem, port)
  }

  get endpoint(): string {
    return `opc.tcp://127.0.0.1:${this.port}`
  }

  /** The server's certificate, PEM. */
  get certificate(): string {
    return this.pem.slice(this.pem.indexOf('-----BEGIN CERTIFICATE-----'))
  }

  order(name: string, ...args: unknown[]): Promise<unknown> {
    const id = ++this.#orders
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject })
      this.#child.send({ id, name, args })
    })
  }

  /** Stops it in the middle of whatever it does; it still holds its connections. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }
}
