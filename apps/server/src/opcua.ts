/** Plugs the platform into its OPC UA server. */
import { createOpcuaServer, type OpcuaPorts, type Visitor } from '@millwright/connectivity-opcua-server'
import type { Bus, Lifecycle, Log, PlatformEvent, Subscription } from '@millwright/foundation'
import { type AlarmMoved, mayReadAlarm } from '@millwright/monitoring'
import { type Actor, systemActor } from '@millwright/trust'
import type { ServerConfig } from './config.ts'
import type { Stages } from './stages.ts'

export interface OpcuaOptions {
  readonly config: ServerConfig
  readonly log: Log
  readonly lifecycle: Lifecycle
  /** Under which clients reach this machine. */
  readonly hostName: string
}

/** Listens for OPC UA clients when a port is configured. */
export async function startOpcua(stages: Stages, { config, log, lifecycle, hostName }: OpcuaOptions): Promise<void> {
  if (config.opcuaPort === 0) return
  const server = createOpcuaServer({
    ports: opcuaPorts(stages, log),
    clock: stages.clock,
    log,
    port: config.opcuaPort,
    host: config.opcuaHost,
    hostName,
    trustedClients: config.opcuaClients,
    allowUnsecured: config.opcuaUnsecured,
  })
  await lifecycle.use(
    'opcua',
    () => server.start(),
    () => server.stop(),
  )
  log.info({ port: config.opcuaPort }, 'OPC UA clients can connect')
}

function opcuaPorts(stages: Stages, log: Log): OpcuaPorts {
  const { bus, trust, plant, historian, monitoring } = stages
  const { tree, catalogue, classes } = plant
  const { alarms, shelves } = monitoring
  return {
    tree: {
      roots: (tenant) => tree.roots(tenant),
      node: (id) => tree.get(id),
      children: (id) => tree.children(id),
      signals: (node) => catalogue.ofEquipment(node).values(),
      signal: (id) => catalogue.byId(id),
      classes: async (tenant) => (await classes.list(systemActor(tenant, 'opcua'), { limit: 1000 })).items,
      onChange: (listener) =>
        onAny(bus, ['millwright.asset.*', 'millwright.signal.*'], ({ subject }) => listener(subject)),
    },
    values: {
      latest: (key) => historian.latest(key),
      onCommit: (listener) => ({ cancel: historian.onCommit(listener) }),
    },
    history: {
      readings: ({ id }, range, limit, newestFirst) =>
        historian.readings(catalogue.byId(id)!, range, limit, newestFirst),
      async table({ id }, query) {
        const { time, columns } = await historian.table([catalogue.byId(id)!], { ...query, fill: 'none' })
        return { time, values: columns[0]! }
      },
    },
    alarms: {
      standing: () => alarms.allStanding(),
      onChange: (listener) =>
        onAny(bus, ['millwright.alarm.transition'], ({ data }) => {
          const { alarm, transition, signalNames } = data as AlarmMoved
          listener({ alarm, signalNames, time: transition.time, by: transition.by, comment: transition.comment })
        }),
      mayRead: (actor, { alarm, signalNames }) =>
        mayReadAlarm(actor, { tenant: alarm.tenant, path: tree.get(alarm.equipment)?.path ?? [], signalNames }),
      acknowledge: async (actor, id, comment) => void (await alarms.acknowledge(actor, id, said(comment))),
      reset: async (actor, id, comment) => void (await alarms.reset(actor, id, said(comment))),
      comment: async (actor, id, comment) => void (await alarms.comment(actor, id, comment)),
      shelve: async (actor, id, duration, comment) =>
        void (await shelves.shelve(actor, id, { ...(duration === undefined ? {} : { duration }), ...said(comment) })),
      unshelve: async (actor, id, comment) => void (await shelves.unshelve(actor, id, said(comment))),
    },
    signIn: {
      signIn: (given) => visitor(trust, given),
      onChange: (listener) =>
        onAny(
          bus,
          ['session.revoked', 'user.changed', 'grant.changed', 'share.changed', 'token.revoked'].map(
            (type) => `millwright.${type}`,
          ),
          listener,
        ),
    },
    async certificate(applicationUri) {
      const { fingerprint, ...identity } = await trust.authority.application('opcua', applicationUri)
      log.info({ fingerprint }, 'the certificate that OPC UA clients are to trust')
      return identity
    },
  }
}

const said = (comment: string | undefined) => (comment === undefined ? {} : { comment })

/** Signs a person in by e-mail address and password, or a program by an API token in the place of the password. */
async function visitor(
  { authenticate, sessions }: Stages['trust'],
  { name, password, address }: { readonly name: string; readonly password: string; readonly address: string },
): Promise<Visitor> {
  const token = password.startsWith('mwt_')
  const secret = token ? undefined : (await sessions.signIn({ email: name, password, address })).secret
  const shown = token ? { authorization: `Bearer ${password}` } : { cookie: `__Host-millwright=${secret}` }
  const look = async (): Promise<Actor> => (await authenticate({ ...shown, address, method: 'GET' })).actor
  let actor = await look()
  return {
    get actor() {
      return actor
    },
    async renew() {
      actor = await look()
    },
    async end() {
      if (secret !== undefined) await sessions.signOut(secret)
    },
  }
}

function onAny(bus: Bus, types: readonly string[], listener: (event: PlatformEvent) => void): Subscription {
  const held = types.map((type) => bus.subscribe(type, listener))
  return {
    cancel: () => {
      for (const subscription of held) subscription.cancel()
    },
  }
}
