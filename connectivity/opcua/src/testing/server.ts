/**
 * An OPC UA server by node-opcua-server in a process of its own, so that it can be killed, frozen and started again with
 * another address space. Arguments: one JSON object (`ServerSettings`). Orders come as IPC messages, answered one by one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crypto_utils as crypto, StatusCodes } from 'node-opcua-client'
import { InMemoryCertificateStore } from 'node-opcua-common'
import { nodesets } from 'node-opcua-nodesets'
import { OPCUAServer } from 'node-opcua-server'
import { buildPlant, type Plant } from './plant.ts'
import type { ServerSettings } from './settings.ts'

const settings = JSON.parse(process.argv[2]!) as ServerSettings
const POLICY = 'http://opcfoundation.org/UA/SecurityPolicy#'
const MODES = { None: 1, Sign: 2, SignAndEncrypt: 3 } as const

const pem = settings.pem ?? (await makePem())
const directory = mkdtempSync(join(tmpdir(), 'millwright-opcua-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
const privateKeyFile = join(directory, 'key.pem')
const certificateFile = join(directory, 'certificate.pem')
writeFileSync(privateKeyFile, pem.slice(0, pem.indexOf('-----BEGIN CERTIFICATE-----')))
writeFileSync(certificateFile, pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----')))

async function makePem(): Promise<string> {
  const pair = await crypto.generatePrivateKey(2048)
  const { cert } = await crypto.createSelfSignedCertificate({
    privateKey: pair,
    subject: '/CN=Test server',
    applicationUri: 'urn:millwright:test-server',
    dns: ['localhost'],
    ip: ['127.0.0.1'],
    validity: 365,
    purpose: crypto.CertificatePurpose.ForApplication,
  })
  return `${(await crypto.privateKeyToPEM(pair)).privPem}\n${cert}`
}

/** Every user certificate is welcome. The server asks by callback, which the store in memory does not know. */
const users = Object.assign(new InMemoryCertificateStore(), {
  checkCertificate(_: unknown, callback: (error: null, status: unknown) => void) {
    callback(null, StatusCodes.Good)
  },
})
const server = new OPCUAServer({
  port: settings.port,
  host: '127.0.0.1',
  hostname: 'localhost',
  alternateHostname: ['127.0.0.1'],
  serverInfo: { applicationUri: 'urn:millwright:test-server', applicationName: { text: 'Test server' } },
  securityPolicies: (settings.policies ?? ['None']).map((name) => POLICY + name) as never,
  securityModes: (settings.modes ?? ['None']).map((name) => MODES[name]),
  allowAnonymous: settings.anonymous ?? true,
  privateKeyFile,
  certificateFile,
  serverCertificateManager: new InMemoryCertificateStore(),
  userCertificateManager: users,
  userManager: { isValidUser: (user: string, password: string) => settings.users?.[user] === password },
  serverCapabilities: {
    maxSessions: 50,
    maxMonitoredItems: 200_000,
    maxMonitoredItemsPerSubscription: 100_000,
    ...settings.capabilities,
    ...(settings.limits === undefined ? {} : { operationLimits: settings.limits }),
  },
  nodesets: [nodesets.standard, join(import.meta.dirname, '../../testcases/pump.NodeSet2.xml')],
  isAuditing: false,
} as never)

interface Lied {
  readonly schema: { readonly name: string }
  results?: unknown[]
  subscriptionId?: number
  notificationMessage?: {
    sequenceNumber: number
    notificationData?: { monitoredItems?: { clientHandle: number; value: { sourceTimestamp: Date } }[] }[]
  }
}
const items = ({ notificationMessage }: Lied) =>
  (notificationMessage?.notificationData ?? []).flatMap(({ monitoredItems }) => monitoredItems ?? [])
const LIES: Readonly<Record<string, (response: Lied) => void>> = {
  handles: (response) => {
    for (const item of items(response)) item.clientHandle += 4_000_000_000
  },
  times: (response) => {
    for (const item of items(response)) item.value.sourceTimestamp = new Date(Date.UTC(2300, 0, 1))
  },
  sequence: ({ notificationMessage }) => {
    if (notificationMessage) notificationMessage.sequenceNumber = (notificationMessage.sequenceNumber * 7919) >>> 0
  },
  subscription: (response) => {
    if (response.schema.name === 'PublishResponse') response.subscriptionId = 4_294_967_295
  },
  /** Of several nodes the last is not gone on with, as by a server that holds too few continuation points. */
  points: ({ schema, results }) => {
    if (!/^(Browse|HistoryRead)Response$/.test(schema.name) || results === undefined || results.length < 2) return
    const left = { references: null, historyData: null, continuationPoint: null }
    Object.assign(results.at(-1) as object, left, { statusCode: StatusCodes.BadNoContinuationPoints })
  },
  results: (response) => {
    if (/^(Read|Browse|Write|CreateMonitoredItems|HistoryRead)Response$/.test(response.schema.name))
      response.results = []
  },
}

await server.initialize()
const plant: Plant = buildPlant(server.engine.addressSpace!, settings)
await server.start()

/** What the server makes up; undefined: it is honest. */
let lie: string | undefined
server.on('response', (response: object) => {
  if (lie !== undefined) LIES[lie]!(response as Lied)
})

const orders = {
  lie(kind: string | null) {
    lie = kind ?? undefined
  },
  ...plant.orders,
  /** Sessions end as when their time is up: their subscriptions stay for whoever takes them over. */
  endSessions() {
    const engine = server.engine as unknown as {
      _sessions: Record<string, { authenticationToken: unknown }>
      closeSession(token: unknown, deleteSubscriptions: boolean, reason: string): void
    }
    for (const session of Object.values(engine._sessions)) {
      engine.closeSession(session.authenticationToken, false, 'Timeout')
    }
  },
}

process.on('message', async (order: { id: number; name: string; args: unknown[] }) => {
  try {
    const work = (orders as Record<string, (...args: unknown[]) => unknown>)[order.name]
    if (work === undefined) throw new Error(`no order ${order.name}`)
    process.send!({ id: order.id, result: (await work(...order.args)) ?? null })
  } catch (error) {
    process.send!({ id: order.id, error: String(error) })
  }
})
process.on('disconnect', () => process.exit(0))
process.send!({ ready: true, pem, port: settings.port })
