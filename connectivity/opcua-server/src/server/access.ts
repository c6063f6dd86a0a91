import { AsyncLocalStorage } from 'node:async_hooks'
import { type Actor, may, type Place } from '@millwright/trust'
import type { BaseNode, ISessionContext, SessionContext } from 'node-opcua-address-space'
import type { ServerSession } from 'node-opcua-server'
import { PermissionType } from 'node-opcua-types'
import type { AlarmsPort, PlantNode, PlantSignal, TreePort, Visitor, WatchedAlarm } from '../ports.ts'

/** What a node of ours stands for; `open`: folders and types, which hold no plant data. */
export type Stands =
  | { readonly kind: 'open' }
  /** Of the library, and nobody's business: who else is here. */
  | { readonly kind: 'hidden' }
  /** The type of a tenant's equipment. */
  | { readonly kind: 'class'; readonly tenant: string }
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'signal'; readonly id: string }
  | { readonly kind: 'alarm'; readonly id: string }

export interface AccessPorts {
  readonly tree: TreePort
  readonly alarms: Pick<AlarmsPort, 'mayRead'>
  /** A standing alarm, or one that is being told of. */
  readonly alarm: (id: string) => WatchedAlarm | undefined
}

/**
 * Who may see what of our nodes: default deny. The library asks a session's context for each browse, read, event and
 * history read; for the nodes of its own standard namespace it goes on deciding by itself.
 */
export class Access {
  readonly #ports: AccessPorts
  readonly #stands = new WeakMap<object, Stands>()
  readonly #visitors = new WeakMap<object, Visitor>()
  /** Where a request has no context of its own, the session it came by. */
  readonly #asking = new AsyncLocalStorage<ServerSession>()

  constructor(ports: AccessPorts) {
    this.#ports = ports
  }

  /** Says what a node of ours stands for. */
  place(node: object, stands: Stands): void {
    this.#stands.set(node, stands)
  }

  standsFor(node: object): Stands | undefined {
    return this.#stands.get(node)
  }

  /** The session's visitor has signed in. */
  seat(session: ServerSession, visitor: Visitor): void {
    this.#visitors.set(session, visitor)
  }

  unseat(session: ServerSession): void {
    this.#visitors.delete(session)
  }

  visitor(session: object | undefined): Visitor | undefined {
    return session === undefined ? undefined : this.#visitors.get(session)
  }

  /** Makes a new session ask here for our nodes. */
  guard(session: ServerSession): void {
    this.#guardContext(session.sessionContext as SessionContext, session)
  }

  asking<T>(session: ServerSession, work: () => T): T {
    return this.#asking.run(session, work)
  }

  /** Whether the one who asks may see the node; without a session nobody may. */
  mayBrowse(node: object, context: ISessionContext | null | undefined): boolean {
    const session = (context as { session?: ServerSession } | null | undefined)?.session ?? this.#asking.getStore()
    return this.allows(session, node, PermissionType.Browse)
  }

  allows(session: object | undefined, node: object, permission: PermissionType): boolean {
    const stands = this.#stands.get(node)
    if (stands === undefined) return true
    const actor = this.visitor(session)?.actor
    return actor !== undefined && this.#allowed(actor, stands, permission)
  }

  #guardContext(context: SessionContext, session: ServerSession): void {
    const standard = context.checkPermission.bind(context)
    context.checkPermission = (node: BaseNode, permission: PermissionType) =>
      this.#stands.has(node) ? this.allows(session, node, permission) : standard(node, permission)
    const fresh = context.withRequestHeader.bind(context)
    context.withRequestHeader = (header) => {
      const made = fresh(header)
      this.#guardContext(made, session)
      return made
    }
  }

  #allowed(actor: Actor, stands: Stands, permission: PermissionType): boolean {
    const { tree, alarms, alarm } = this.#ports
    switch (stands.kind) {
      case 'open':
        return true
      case 'hidden':
        return false
      case 'class':
        return actor.tenant === stands.tenant || actor.shares.some(({ owner }) => owner === stands.tenant)
      case 'node': {
        const node = tree.node(stands.id)
        if (node === undefined) return false
        // Whether an event is to be told is decided by its alarm.
        return permission === PermissionType.ReceiveEvents || seesNode(actor, node, tree)
      }
      case 'signal': {
        const signal = tree.signal(stands.id)
        return signal !== undefined && may(actor, 'signal:read', placeOf(signal))
      }
      case 'alarm': {
        const watched = alarm(stands.id)
        return watched !== undefined && alarms.mayRead(actor, watched)
      }
    }
  }
}

const placeOf = ({ tenant, path, name }: PlantSignal): Place => ({ tenant, path, signal: name })

/** A node that may be read, or one on the way down to such a node. */
function seesNode(actor: Actor, node: PlantNode, tree: TreePort): boolean {
  if (may(actor, 'asset:read', { tenant: node.tenant, path: node.path })) return true
  return grantedNodes(actor, node.tenant).some((id) => tree.node(id)?.path.includes(node.id) === true)
}

/** Nodes at which the actor may read assets of a tenant. */
function grantedNodes(actor: Actor, tenant: string): string[] {
  if (actor.tenant !== tenant) {
    if (actor.permissions.get('*')?.has('asset:read') !== true) return []
    return actor.shares.filter(({ owner }) => owner === tenant).map(({ node }) => node)
  }
  return [...actor.permissions].filter(([, held]) => held.has('asset:read')).map(([node]) => node)
}
