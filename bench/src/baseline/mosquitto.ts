import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import 'reflect-metadata'
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import type { Identities } from '../fleet/enrol.ts'

/**
 * Mosquitto with the same TLS, the same device certificates and no limit on messages in flight, and mosquitto_sub behind
 * it on a plain local port: it counts and does nothing else.
 */
export interface Baseline {
  readonly version: string
  readonly pid: number
  /** With mutual TLS. */
  readonly port: number
  /** Identities whose `ca` is that of this server. */
  readonly identities: Identities
  /** Messages that the subscriber got so far. */
  received(): number
  stop(): Promise<void>
}

/** undefined where Mosquitto is not installed. */
export async function startMosquitto(directory: string, identities: Identities): Promise<Baseline | undefined> {
  const version = await installed()
  if (version === undefined) return undefined
  await mkdir(directory, { recursive: true })
  const { key, cert } = await serverCertificate()
  const port = await freePort()
  const plain = await freePort()
  const file = async (name: string, text: string) => {
    await writeFile(join(directory, name), text, { mode: 0o600 })
    return join(directory, name)
  }
  const config = [
    'per_listener_settings true',
    'log_dest none',
    `listener ${port}`,
    `cafile ${await file('devices.pem', identities.ca)}`,
    `certfile ${await file('server.pem', cert)}`,
    `keyfile ${await file('server.key', key)}`,
    'require_certificate true',
    'use_identity_as_username true',
    `listener ${plain} 127.0.0.1`,
    'allow_anonymous true',
    'max_inflight_messages 0',
    'max_queued_messages 0',
    'set_tcp_nodelay true',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ]
  const broker = spawn('mosquitto', ['-c', await file('mosquitto.conf', `${config.join('\n')}\n`)], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let said = ''
  broker.stderr.on('data', (chunk: Buffer) => {
    said += chunk
  })
  await listening(plain, () => said)
  const subscriber = spawn('mosquitto_sub', ['-p', String(plain), '-q', '1', '-t', 'mw/v1/telemetry', '-F', 'm'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let bytes = 0
  subscriber.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  return {
    version,
    pid: broker.pid!,
    port,
    identities: { ca: cert, devices: identities.devices },
    // "m" and a line end for each.
    received: () => bytes / 2,
    async stop() {
      await ended(subscriber)
      await ended(broker)
    },
  }
}

async function installed(): Promise<string | undefined> {
  try {
    await promisify(execFile)('mosquitto_sub', ['--help']).catch((error: { code?: unknown }) => {
      if (error.code === 'ENOENT') throw error
    })
    const help = await promisify(execFile)('mosquitto', ['-h']).catch((error: { stdout?: string; code?: unknown }) => {
      if (error.code === 'ENOENT') throw error
      return { stdout: error.stdout ?? '' }
    })
    return /version (\S+)/.exec(help.stdout)?.[1] ?? 'of an unknown version'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

/** As the platform's own: EC P-256. */
async function serverCertificate(): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { key: PemConverter.encode(pkcs8, 'PRIVATE KEY'), cert: certificate.toString('pem') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function listening(port: number, said: () => string): Promise<void> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return
    if (performance.now() > deadline) throw new Error(`Mosquitto did not start listening: ${said()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
