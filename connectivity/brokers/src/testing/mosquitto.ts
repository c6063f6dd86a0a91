import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@millwright/foundation/testing'

const BINARY = '/usr/sbin/mosquitto'

/** Debian's Mosquitto is there. Where it is not, tests that need it are counted skips. */
export const hasMosquitto = existsSync(BINARY)

/** A real Mosquitto on a port of its own; what it keeps outlives `kill` and `revive`. */
export class Mosquitto {
  readonly port: number
  readonly #directory: string
  #process: ChildProcess | undefined

  private constructor(port: number, directory: string) {
    this.port = port
    this.#directory = directory
  }

  /**
   * @param files contents by name, put beside the configuration
   * @param config further lines; `{name}` stands for the path of that file
   */
  static async start(config: readonly string[] = [], files: Readonly<Record<string, string>> = {}): Promise<Mosquitto> {
    const directory = mkdtempSync(join(tmpdir(), 'millwright-mosquitto-'))
    const broker = new Mosquitto(await freePort(), directory)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text, { mode: 0o600 })
    const lines = [
      'log_dest none',
      'persistence true',
      `persistence_location ${directory}/`,
      'autosave_interval 1',
      'autosave_on_changes true',
      `listener ${broker.port} 127.0.0.1`,
      ...(config.some((line) => line.startsWith('allow_anonymous')) ? [] : ['allow_anonymous true']),
      ...config.map((line) => line.replace(/\{([\w.]+)\}/g, (_, name: string) => join(directory, name))),
      ...(process.getuid?.() === 0 ? ['user root'] : []),
    ]
    writeFileSync(join(directory, 'mosquitto.conf'), `${lines.join('\n')}\n`)
    await broker.revive()
    return broker
  }

  async revive(): Promise<void> {
    const child = spawn(BINARY, ['-c', join(this.#directory, 'mosquitto.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#process = child
    let said = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    for (let tries = 0; tries < 100; tries++) {
      if (child.exitCode !== null) throw new Error(`mosquitto did not start: ${said}`)
      if (await answers(this.port)) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error('mosquitto does not listen')
  }

  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  async close(): Promise<void> {
    await this.kill('SIGKILL')
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
