/** A small plant in memory behind the server's ports, and people who may see parts of it. */
import { hostname } from 'node:os'
import { ReadingBatch } from '@millwright/connectivity'
import type { Alarm, Permission } from '@millwright/contracts'
import { errorCatalogue, type Micros, newId, type Subscription } from '@millwright/foundation'
import { type Actor, may } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { CertificatePurpose, createSelfSignedCertificate, generatePrivateKey, privateKeyToPEM } from 'node-opcua-crypto'
import type {
  AlarmChange,
  HistoricalValue,
  OpcuaPorts,
  PlantNode,
  PlantSignal,
  ShownReading,
  TableAggregate,
  WatchedAlarm,
} from '../src/index.ts'

const errors = errorCatalogue('PLANT', {
  wrong: { number: 1, status: 401, text: 'Name or password is wrong.' },
  often: { number: 2, status: 429, text: 'Tried too often.' },
  forbidden: { number: 3, status: 403, text: 'You may not.' },
})

export class Plant {
  readonly tenant = newId('ten')
  readonly nodes = new Map<string, PlantNode>()
  readonly signals = new Map<string, PlantSignal>()
  readonly latest = new Map<number, ShownReading>()
  readonly history = new Map<string, HistoricalValue[]>()
  readonly tables: { aggregate: TableAggregate; step: number }[] = []
  readonly alarms = new Map<string, WatchedAlarm>()
  readonly answers: string[] = []
  readonly people = new Map<string, { password: string; actor: Actor }>()
  readonly signIns: string[] = []
  ended = 0
  failures = 0
  #key = 0
  readonly #commits = new Set<(batch: ReadingBatch) => void>()
  readonly #changes = new Set<(id: string) => void>()
  readonly #signInChanges = new Set<() => void>()
  readonly #alarmChanges = new Set<(change: AlarmChange) => void>()

  person(name: string, permissions: Record<string, Permission[]>): Actor {
    const held = new Map(Object.entries(permissions).map(([node, list]) => [node, new Set(list)]))
    const actor: Actor = { ...testActor({ tenant: this.tenant, name }), permissions: held }
    this.people.set(name, { password: `${name}'s password`, actor })
    return actor
  }

  node(name: string, level: PlantNode['level'], parent?: PlantNode, equipmentClass: string | null = null): PlantNode {
    const id = newId('ast')
    const path = [...(parent?.path ?? []), id]
    const node = { id, tenant: this.tenant, parent: parent?.id ?? null, path, level, name, equipmentClass }
    this.nodes.set(id, node)
    return node
  }

  signal(on: PlantNode, name: string, kind: PlantSignal['kind'], more: Partial<PlantSignal> = {}): PlantSignal {
    const id = newId('sig')
    const { tenant, path, id: equipment } = on
    const signal = {
      key: ++this.#key,
      id,
      tenant,
      path,
      name,
      kind,
      unit: '1',
      equipment,
      min: null,
      max: null,
      ...more,
    }
    this.signals.set(id, signal)
    return signal
  }

  changed(id: string): void {
    for (const listener of this.#changes) listener(id)
  }

  signInChanged(): void {
    for (const listener of this.#signInChanges) listener()
  }

  commit(signal: PlantSignal, time: Micros, value: number, quality = 0): void {
    this.latest.set(signal.key, { time, quality, value, wide: undefined })
    const batch = new ReadingBatch(1)
    batch.push(signal.key, time, value, quality)
    for (const listener of this.#commits) listener(batch)
  }

  raise(on: PlantNode, changes: Partial<Alarm> = {}, by = 'Hot'): WatchedAlarm {
    const id = changes.id ?? newId('alm')
    const held = this.alarms.get(id)?.alarm
    const alarm: Alarm = {
      id,
      tenant: this.tenant,
      rule: null,
      ruleName: 'Hot',
      equipment: on.id,
      equipmentName: on.name,
      equipmentPath: [on.name],
      priority: 'high',
      state: 'unacknowledged',
      message: 'Bearing at 90 °C',
      response: '',
      values: {},
      signals: [],
      raisedAt: Date.now() * 1000,
      simulated: false,
      ...held,
      ...changes,
      version: (held?.version ?? 0) + 1,
    }
    const watched = { alarm, signalNames: ['temperature'] }
    if (alarm.state === 'normal') this.alarms.delete(id)
    else this.alarms.set(id, watched)
    const change = { ...watched, time: Date.now() * 1000, by, comment: undefined }
    for (const listener of this.#alarmChanges) listener(change)
    return watched
  }

  get listeners(): number {
    return this.#commits.size + this.#alarmChanges.size
  }

  ports(): OpcuaPorts {
    const follow = <T>(set: Set<T>, listener: T): Subscription => {
      set.add(listener)
      return { cancel: () => set.delete(listener) }
    }
    const answer =
      (what: string, state: Alarm['state'] | undefined) => async (actor: Actor, id: string, more?: unknown) => {
        const { alarm } = this.alarms.get(id)!
        const place = { tenant: alarm.tenant, path: this.nodes.get(alarm.equipment)!.path }
        if (!may(actor, 'alarm:acknowledge', place)) throw errors.forbidden()
        this.answers.push(`${what} ${actor.name} ${more ?? ''}`.trim())
        if (state !== undefined) this.raise(this.nodes.get(alarm.equipment)!, { id, state }, actor.name)
      }
    return {
      tree: {
        roots: (tenant) => [...this.nodes.values()].filter((node) => node.tenant === tenant && node.parent === null),
        node: (id) => this.nodes.get(id),
        children: (id) => [...this.nodes.values()].filter((node) => node.parent === id),
        signals: (node) => [...this.signals.values()].filter(({ equipment }) => equipment === node),
        signal: (id) => this.signals.get(id),
        classes: async () => [{ id: 'cls_pump', name: 'Centrifugal pump', description: 'Moves liquid' }],
        onChange: (listener) => follow(this.#changes, listener),
      },
      values: {
        latest: (key) => this.latest.get(key),
        onCommit: (listener) => follow(this.#commits, listener),
      },
      history: {
        readings: async (signal, { from, to }, limit, newestFirst) => {
          const rows = (this.history.get(signal.id) ?? []).filter(({ time }) => time >= from && time < to)
          return (newestFirst ? rows.reverse() : rows).slice(0, limit)
        },
        table: async (signal, { from, to, step, aggregate }) => {
          this.tables.push({ aggregate, step })
          const rows = this.history.get(signal.id) ?? []
          const time = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
          const values = time.map((start) => {
            const inside = rows
              .filter((row) => row.time >= start && row.time < start + step)
              .map((row) => row.value as number)
            if (aggregate === 'count') return inside.length
            if (inside.length === 0) return null
            if (aggregate === 'mean') return inside.reduce((a, b) => a + b, 0) / inside.length
            if (aggregate === 'first' || aggregate === 'last') return inside.at(aggregate === 'first' ? 0 : -1)!
            return Math[aggregate](...inside)
          })
          return { time, values }
        },
      },
      alarms: {
        standing: async () => [...this.alarms.values()],
        onChange: (listener) => follow(this.#alarmChanges, listener),
        mayRead: (actor, { alarm }) =>
          may(actor, 'alarm:read', { tenant: alarm.tenant, path: this.nodes.get(alarm.equipment)?.path ?? [] }),
        acknowledge: answer('acknowledge', 'acknowledged'),
        reset: answer('reset', 'normal'),
        comment: answer('comment', undefined),
        shelve: answer('shelve', undefined),
        unshelve: answer('unshelve', undefined),
      },
      signIn: {
        signIn: async ({ name, password, address }) => {
          this.signIns.push(`${name} ${address}`)
          const known = this.people.get(name)
          if (this.failures >= 3) throw errors.often()
          if (known === undefined || known.password !== password) {
            this.failures++
            throw errors.wrong()
          }
          const people = this.people
          return {
            get actor() {
              return people.get(name)?.actor ?? known.actor
            },
            renew: async () => {
              if (!people.has(name)) throw errors.wrong()
            },
            end: async () => {
              this.ended++
            },
          }
        },
        onChange: (listener) => follow(this.#signInChanges, listener),
      },
      certificate: selfSigned,
    }
  }
}

async function selfSigned(applicationUri: string): Promise<{ certificate: string; key: string }> {
  const privateKey = await generatePrivateKey(2048)
  const { cert } = await createSelfSignedCertificate({
    privateKey,
    subject: 'CN=Test',
    applicationUri,
    dns: ['localhost', hostname()],
    ip: ['127.0.0.1'],
    validity: 100,
    notBefore: new Date(),
    purpose: CertificatePurpose.ForApplication,
  })
  return { certificate: cert, key: (await privateKeyToPEM(privateKey)).privPem }
}
