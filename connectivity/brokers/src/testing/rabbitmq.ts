import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually, freePort } from '@millwright/foundation/testing'
import { connectAsync } from 'mqtt'

const [SERVER] = globSync('/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server')

/** Debian's RabbitMQ is there. Where it is not, tests that need it are counted skips. */
export const hasRabbitMq = SERVER !== undefined && existsSync(SERVER)

/** A real RabbitMQ with its MQTT plugin, which asks others who may do what. */
export class RabbitMq {
  readonly port: number
  readonly #directory: string
  readonly #process: ChildProcess
  readonly #environment: NodeJS.ProcessEnv

  private constructor(port: number, directory: string, child: ChildProcess, environment: NodeJS.ProcessEnv) {
    this.port = port
    this.#directory = directory
    this.#process = child
    this.#environment = environment
  }

  /** @param auth address of the endpoint, without the questions' names */
  static async start(auth: string): Promise<RabbitMq> {
    const directory = mkdtempSync(join(tmpdir(), 'millwright-rabbitmq-'))
    const [port, amqp, epmd, distribution] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
    const file = (name: string) => join(directory, name)
    writeFileSync(file('enabled_plugins'), '[rabbitmq_mqtt,rabbitmq_auth_backend_http].\n')
    writeFileSync(
      file('rabbitmq.conf'),
      [
        `listeners.tcp.1 = 127.0.0.1:${amqp}`,
        `mqtt.listeners.tcp.1 = 127.0.0.1:${port}`,
        'mqtt.allow_anonymous = false',
        'auth_backends.1 = http',
        // Its own users, too: `guest` from this machine.
        'auth_backends.2 = internal',
        'auth_http.http_method = post',
        ...['user', 'vhost', 'resource', 'topic'].map((what) => `auth_http.${what}_path = ${auth}/${what}`),
        '',
      ].join('\n'),
    )
    const environment = {
      PATH: process.env['PATH'],
      HOME: directory,
      RABBITMQ_NODENAME: `millwright-${port}@localhost`,
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_MNESIA_BASE: directory,
      RABBITMQ_LOGS: '-',
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1',
      ERL_EPMD_PORT: String(epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    }
    const child = spawn(SERVER!, [], { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let log = ''
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk
      })
    }
    const broker = new RabbitMq(port, directory, child, environment)
    try {
      await eventually(() => {
        if (child.exitCode !== null) throw new Error('it ended')
        return /Server startup complete/.test(log)
      }, 120_000)
    } catch (error) {
      await broker.close()
      throw new Error(`RabbitMQ did not start:\n${log}`, { cause: error })
    }
    return broker
  }

  /** Connects as MQTT 3.1.1. Rejects when it is refused. */
  connect(username: string, password: string, clientId: string) {
    return connectAsync(`mqtt://127.0.0.1:${this.port}`, {
      protocolVersion: 4,
      username,
      password,
      clientId,
      reconnectPeriod: 0,
    })
  }

  async close(): Promise<void> {
    const child = this.#process
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
    // The port mapper that Erlang started for it outlives it otherwise.
    await promisify(execFile)('epmd', ['-kill'], { env: this.#environment }).catch(() => undefined)
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 })
  }
}
