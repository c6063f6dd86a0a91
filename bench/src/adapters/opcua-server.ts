import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { ReadingBatch } from '@millwright/connectivity'
import { createOpcuaServer, type OpcuaPorts, type PlantSignal } from '@millwright/connectivity-opcua-server'
import { createLog, systemClock } from '@millwright/foundation'
import { systemActor } from '@millwright/trust'
import { OPCUACertificateManager } from 'node-opcua-certificate-manager'
import {
  AttributeIds,
  type ClientSession,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  UserTokenType,
} from 'node-opcua-client'
import { InMemoryCertificateKeyPairProvider } from 'node-opcua-common'
import {
  CertificatePurpose,
  createSelfSignedCertificate,
  generatePrivateKey,
  makePrivateKeyFromPem,
  privateKeyToPEM,
} from 'node-opcua-crypto'
import { OPCUAServer } from 'node-opcua-server'
import type { Figure, Scenario } from '../scenario.ts'
import { measureRate, type Rate } from './measured.ts'

const SIGNALS = 1_000
/** ms between two values of each signal. */
const PACE = 50
const LINE = 'ast_line'
const nodeIds = (namespace: number) => Array.from({ length: SIGNALS }, (_, i) => `ns=${namespace};s=sig_${i}`)

export const opcuaServer: Scenario = {
  name: 'opcua-server',
  about: `OPC UA server: ${SIGNALS} signals subscribed and read, against bare node-opcua-server; what waiting costs`,
  async run({ directory, quick, log }) {
    const seconds = quick ? 2 : 4
    const figures: Figure[] = []
    const before = process.memoryUsage().rss
    const { server, write, provider } = await ours()
    const waiting = process.memoryUsage().rss - before
    const began = performance.now()
    const manager = new OPCUACertificateManager({
      rootFolder: join(directory, 'client'),
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    })
    const rates: Rate[] = []
    const open = async (port: number, bare: boolean): Promise<[OPCUAClient, ClientSession]> => {
      const client = OPCUAClient.create({
        endpointMustExist: false,
        connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
        securityPolicy: SecurityPolicy.None,
        securityMode: MessageSecurityMode.None,
        clientCertificateManager: manager,
      })
      await client.connect(`opc.tcp://127.0.0.1:${port}`)
      const user = { type: UserTokenType.UserName, userName: 'bench', password: 'bench' } as const
      return [client, await client.createSession(bare ? { type: UserTokenType.Anonymous } : user)]
    }
    const [client, session] = await open(server.port, false)
    const first = performance.now() - began
    rates.push(await subscribed(session, nodeIds(2), write, seconds), await read(session, nodeIds(2), seconds))
    log(`ours: ${Math.round(rates[0]!.rate)} values/s to a subscription, ${Math.round(rates[1]!.rate)} reads/s`)
    await session.close()
    await client.disconnect()
    await server.stop()

    const bare = await bareServer(provider)
    const [bareClient, bareSession] = await open(bare.port, true)
    rates.push(await subscribed(bareSession, nodeIds(1), bare.write, seconds))
    rates.push(await read(bareSession, nodeIds(1), seconds))
    log(`node-opcua-server: ${Math.round(rates[2]!.rate)} values/s, ${Math.round(rates[3]!.rate)} reads/s`)
    await bareSession.close()
    await bareClient.disconnect()
    await bare.stop()
    await manager.dispose()

    const [live, reads, bareLive, bareReads] = rates as [Rate, Rate, Rate, Rate]
    const offered = `${(SIGNALS * 1000) / PACE} values/s offered; server and client in one process`
    figures.push(
      figure('to a subscription, bare node-opcua-server', bareLive, 'values/s', offered),
      figure('to a subscription, ours', live, 'values/s', offered),
      { name: 'reads, bare node-opcua-server', value: bareReads.rate, unit: 'values/s' },
      { name: 'reads, ours', value: reads.rate, unit: 'values/s', note: 'rights asked for each' },
      { name: 'memory while nobody is connected', value: waiting / 1e6, unit: 'MB', target: { atMost: 10 } },
      { name: 'first client connected after', value: first, unit: 'ms', note: 'loads the machinery' },
    )
    return { figures }
  },
}

const figure = (name: string, { rate, perMillion }: Rate, unit: string, note: string): Figure => ({
  name,
  value: rate,
  unit,
  note: `${note}; ${perMillion.toFixed(1)} s of processor a million`,
})

async function subscribed(session: ClientSession, ids: string[], write: () => void, seconds: number): Promise<Rate> {
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: 100,
    requestedMaxKeepAliveCount: 10,
    requestedLifetimeCount: 100,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
  })
  let count = 0
  const group = await subscription.monitorItems(
    ids.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })),
    { samplingInterval: 0, queueSize: 20, discardOldest: true },
    TimestampsToReturn.Both,
  )
  group.on('changed', () => {
    count++
  })
  const timer = setInterval(write, PACE)
  const rate = await measureRate(() => count, seconds)
  clearInterval(timer)
  await subscription.terminate()
  return rate
}

async function read(session: ClientSession, ids: string[], seconds: number): Promise<Rate> {
  const nodes = ids.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value }))
  let count = 0
  let running = true
  const loop = (async () => {
    while (running) count += (await session.read(nodes)).length
  })()
  const rate = await measureRate(() => count, seconds)
  running = false
  await loop
  return rate
}

/** Our server over a plant in memory. */
async function ours() {
  const line = {
    id: LINE,
    tenant: 'ten',
    parent: null,
    path: [LINE],
    level: 'line',
    name: 'Line',
    equipmentClass: null,
  }
  const signals = new Map<string, PlantSignal>()
  for (let key = 0; key < SIGNALS; key++) {
    const id = `sig_${key}`
    const signal = { key, id, tenant: 'ten', path: [LINE], name: `s${key}`, kind: 'number', unit: 'Cel' } as const
    signals.set(id, { ...signal, equipment: LINE, min: 0, max: 100 })
  }
  const listeners = new Set<(batch: ReadingBatch) => void>()
  const nothing = { cancel: () => {} }
  const actor = systemActor('ten', 'bench')
  const batch = new ReadingBatch(SIGNALS)
  const privateKey = await generatePrivateKey(2048)
  const { cert: certificate } = await createSelfSignedCertificate({
    privateKey,
    subject: 'CN=bench',
    applicationUri: 'urn:bench',
    dns: ['localhost'],
    validity: 1000,
    notBefore: new Date(),
    purpose: CertificatePurpose.ForApplication,
  })
  const { privPem: pem } = await privateKeyToPEM(privateKey)
  const provider = new InMemoryCertificateKeyPairProvider(
    [new X509Certificate(certificate).raw] as never,
    makePrivateKeyFromPem(pem),
  )
  const ports = {
    tree: {
      roots: () => [line],
      node: (id: string) => (id === LINE ? line : undefined),
      children: () => [],
      signals: () => signals.values(),
      signal: (id: string) => signals.get(id),
      classes: async () => [],
      onChange: () => nothing,
    },
    values: {
      latest: (key: number) => ({ time: systemClock.now(), quality: 0, value: key, wide: undefined }),
      onCommit: (listener: (batch: ReadingBatch) => void) => {
        listeners.add(listener)
        return { cancel: () => listeners.delete(listener) }
      },
    },
    history: { readings: async () => [], table: async () => ({ time: [], values: [] }) },
    alarms: { standing: async () => [], onChange: () => nothing, mayRead: () => true },
    signIn: { signIn: async () => ({ actor, renew: async () => {}, end: async () => {} }), onChange: () => nothing },
    certificate: async () => ({ certificate, key: pem }),
  } as unknown as OpcuaPorts
  const server = createOpcuaServer({
    ports,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    port: 0,
    host: '127.0.0.1',
    hostName: '127.0.0.1',
    trustedClients: ['*'],
    allowUnsecured: true,
  })
  await server.start()
  const write = (): void => {
    batch.length = 0
    const time = systemClock.now()
    for (let key = 0; key < SIGNALS; key++) batch.push(key, time, Math.random(), 0)
    for (const listener of listeners) listener(batch)
  }
  return { server, write, provider }
}

/** The library as it comes: a variable for each signal. */
async function bareServer(provider: InMemoryCertificateKeyPairProvider) {
  const server = new OPCUAServer({
    host: '127.0.0.1',
    port: 0,
    securityModes: [MessageSecurityMode.None],
    securityPolicies: [SecurityPolicy.None],
    certificateKeyPairProvider: provider,
    serverCertificateManager: new OPCUACertificateManager({ disableFileWatchers: true }),
  })
  await server.initialize()
  for (const endpoint of server.endpoints) endpoint.setCertificateProvider(server.getCertificateChainProvider())
  const space = server.engine.addressSpace!
  const namespace = space.getOwnNamespace()
  const variables = Array.from({ length: SIGNALS }, (_, i) =>
    namespace.addVariable({
      nodeId: `s=sig_${i}`,
      browseName: `s${i}`,
      organizedBy: space.rootFolder.objects,
      dataType: DataType.Double,
      value: { dataType: DataType.Double, value: 0 },
    }),
  )
  await server.start()
  const { port } = (server.endpoints[0] as unknown as { _server: { address(): { port: number } } })._server.address()
  return {
    port,
    write: () => {
      for (const variable of variables) variable.setValueFromSource({ dataType: DataType.Double, value: Math.random() })
    },
    stop: () => server.shutdown(0),
  }
}
