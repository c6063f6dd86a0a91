import type { Socket } from 'node:net'
import { WellKnownRoles } from 'node-opcua-address-space'
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua-secure-channel'
import { OPCUAServer, type ServerSession } from 'node-opcua-server'
import { UserTokenType } from 'node-opcua-types'
import { APPLICATION_URI, NAMESPACE_URI, OPCUA_LIMITS, type OpcuaServerOptions } from '../options.ts'
import type { WatchedAlarm } from '../ports.ts'
import { Access } from './access.ts'
import { Conditions } from './conditions.ts'
import { historyReader } from './history.ts'
import { speakThrough } from './library-log.ts'
import { LiveValues, type WatchedItem } from './live-values.ts'
import { bindMethods } from './methods.ts'
import { keyPair } from './own-certificate.ts'
import { PlantSpace } from './plant-space.ts'
import { StandingAlarms } from './standing-alarms.ts'
import { NoUserCertificates, TrustedClients } from './trusted-clients.ts'
import { Visitors } from './visitors.ts'

/** The OPC UA server at work. */
export interface Machinery {
  readonly sessions: number
  /** Hands over a connection that was accepted elsewhere. */
  admit(socket: Socket): void
  stop(): Promise<void>
}

/** What the library tells everybody of all sessions and subscriptions (OPC 10000-5, 6.3.3). */
const DIAGNOSTICS = ['i=3706', 'i=3707', 'i=3708', 'i=2290']

const SECURED = [
  SecurityPolicy.Basic256Sha256,
  SecurityPolicy.Aes128_Sha256_RsaOaep,
  SecurityPolicy.Aes256_Sha256_RsaPss,
]

/** Members of the library's server that it does not declare. */
interface Internals {
  endpoints: { _server: { emit(event: 'connection', socket: Socket): void } }[]
  _on_TranslateBrowsePathsToNodeIdsRequest(message: { session?: ServerSession }, channel: unknown): void
}

/** Starts the library's server on a port of its own that nobody else reaches; clients come by `admit`. */
export async function startMachinery(options: OpcuaServerOptions, port: number): Promise<Machinery> {
  const { ports, log } = options
  const limits = { ...OPCUA_LIMITS, ...options.limits }
  speakThrough(log)
  const certificate = await ports.certificate(APPLICATION_URI)
  const alarms = new StandingAlarms(ports.alarms, log)
  const alarm = (id: string): WatchedAlarm | undefined => alarms.get(id)
  const access = new Access({ tree: ports.tree, alarms: ports.alarms, alarm })
  const visitors = new Visitors({ ports, access, log, arriving })
  const live = new LiveValues(ports, access)
  const server = new OPCUAServer({
    host: '127.0.0.1',
    port: 0,
    advertisedEndpoints: `opc.tcp://${options.hostName}:${port}`,
    serverInfo: {
      applicationUri: APPLICATION_URI,
      productUri: 'urn:millwright',
      applicationName: { text: 'Millwright', locale: 'en' },
    },
    buildInfo: { productName: 'Millwright', manufacturerName: 'Millwright', productUri: 'urn:millwright' },
    serverCertificateManager: new TrustedClients(options.trustedClients, log) as never,
    userCertificateManager: new NoUserCertificates(log) as never,
    certificateKeyPairProvider: keyPair(certificate),
    securityPolicies: options.allowUnsecured === true ? [SecurityPolicy.None, ...SECURED] : SECURED,
    securityModes: [
      ...(options.allowUnsecured === true ? [MessageSecurityMode.None] : []),
      MessageSecurityMode.Sign,
      MessageSecurityMode.SignAndEncrypt,
    ],
    allowAnonymous: false,
    disableDiscovery: false,
    isAuditing: false,
    auditEventRoles: [WellKnownRoles.SecurityAdmin],
    userManager: visitors.userManager as never,
    maxConnectionsPerEndpoint: limits.connections,
    serverCapabilities: {
      maxSessions: limits.sessions,
      maxSubscriptionsPerSession: limits.subscriptionsPerSession,
      maxSubscriptions: limits.sessions * limits.subscriptionsPerSession,
      maxMonitoredItems: limits.monitoredItems,
      maxMonitoredItemsPerSubscription: limits.monitoredItems,
      maxMonitoredItemsQueueSize: limits.queuedValues,
      maxHistoryContinuationPoints: 100,
      maxBrowseContinuationPoints: 50,
      maxArrayLength: 1_000_000,
      maxStringLength: 1_000_000,
      maxByteStringLength: 1_000_000,
      operationLimits: {
        maxNodesPerRead: limits.nodesPerCall,
        maxNodesPerBrowse: limits.nodesPerCall,
        maxNodesPerWrite: limits.nodesPerCall,
        maxNodesPerMethodCall: 100,
        maxNodesPerHistoryReadData: 100,
        maxNodesPerTranslateBrowsePathsToNodeIds: limits.nodesPerCall,
        maxMonitoredItemsPerCall: limits.nodesPerCall,
      },
    },
    onCreateMonitoredItem: (async (_: unknown, item: WatchedItem) => live.watch(item)) as never,
    onDeleteMonitoredItem: (async (_: unknown, item: WatchedItem) => live.unwatch(item)) as never,
  })
  await server.initialize()
  // Endpoints look for files of their own otherwise.
  for (const endpoint of server.endpoints) endpoint.setCertificateProvider(server.getCertificateChainProvider())
  for (const description of server.endpoints.flatMap((endpoint) => endpoint.endpointDescriptions())) {
    // Nobody signs in with a certificate: it is not offered.
    const tokens = description.userIdentityTokens ?? []
    description.userIdentityTokens = tokens.filter(({ tokenType }) => tokenType === UserTokenType.UserName)
  }
  const { addressSpace } = server.engine
  if (addressSpace === null) throw new Error('the OPC UA library has no address space')
  const namespace = addressSpace.registerNamespace(NAMESPACE_URI)
  const conditions = new Conditions({ addressSpace, namespace, space: () => space, alarm })
  const space: PlantSpace = new PlantSpace({
    addressSpace,
    namespace,
    tree: ports.tree,
    values: ports.values,
    access,
    historyRead: historyReader({ tree: ports.tree, history: ports.history, access, limits }),
    tenants: () => visitors.tenants,
    condition: (id) => conditions.make(id),
  })
  for (const id of DIAGNOSTICS) {
    const node = addressSpace.findNode(id)
    if (node !== null) access.place(node, { kind: 'hidden' })
  }
  addressSpace.installAlarmsAndConditionsService()
  bindMethods({ addressSpace, access, alarms: ports.alarms, alarm })
  // ConditionRefresh goes through what stands, not through nodes.
  const root = addressSpace.rootFolder.objects.server as unknown as { _conditionRefresh(): void }
  root._conditionRefresh = () => {
    for (const watched of alarms.all()) conditions.tell(watched, alarms.occurrence(watched))
  }
  alarms.onChange((watched, occurrence) => conditions.tell(watched, occurrence))
  alarms.onEnded((id) => space.changed(id))
  visitors.watch(server)
  const internals = server as unknown as Internals
  const translate = internals._on_TranslateBrowsePathsToNodeIdsRequest
  internals._on_TranslateBrowsePathsToNodeIdsRequest = function (message, channel) {
    const work = () => translate.call(this, message, channel)
    if (message.session === undefined) work()
    else access.asking(message.session, work)
  }
  await server.start()

  let leaving: NodeJS.Timeout | undefined
  server.on('session_closed', () => {
    if (visitors.count > 0) return
    clearTimeout(leaving)
    leaving = setTimeout(() => {
      if (visitors.count > 0) return
      space.clear()
      alarms.close()
    }, limits.linger)
    leaving.unref()
  })
  const subscriptions = [
    ports.tree.onChange((id) => space.changed(id)),
    ports.signIn.onChange(() => {
      space.refreshRoots()
      void visitors.renewAll()
    }),
  ]

  /** What a visitor will look at is made ready before they do. */
  async function arriving(tenants: readonly string[]): Promise<void> {
    await alarms.open()
    for (const tenant of tenants) space.setClasses(tenant, await ports.tree.classes(tenant))
    space.refreshRoots()
  }

  return {
    get sessions() {
      return visitors.count
    },
    admit(socket) {
      internals.endpoints[0]!._server.emit('connection', socket)
    },
    async stop() {
      clearTimeout(leaving)
      for (const subscription of subscriptions) subscription.cancel()
      live.stop()
      alarms.close()
      await visitors.stop()
      await server.shutdown(0)
    },
  }
}
