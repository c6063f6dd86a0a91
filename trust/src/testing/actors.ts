import { PERMISSIONS, type Permission } from '@millwright/contracts'
import { newId } from '@millwright/foundation'
import type { Actor, ActorShare } from '../actor.ts'

export interface TestActorOptions {
  readonly tenant: string
  /** Default: all. */
  readonly permissions?: readonly Permission[]
  /** Nodes they are granted at; default: the whole tenant. */
  readonly nodes?: readonly string[]
  readonly shares?: readonly ActorShare[]
  readonly kind?: Actor['kind']
  readonly id?: string
  readonly name?: string
  readonly platform?: boolean
}

/** An actor for tests of services: a user who holds `permissions` at `nodes` of `tenant`. */
export function testActor(options: TestActorOptions): Actor {
  const held = new Set(options.permissions ?? PERMISSIONS)
  const id = options.id ?? newId('usr')
  const kind = options.kind ?? 'user'
  return {
    kind,
    id,
    name: options.name ?? 'Test Person',
    tenant: options.tenant,
    permissions: new Map((options.nodes ?? ['*']).map((node) => [node, held])),
    shares: options.shares ?? [],
    platform: options.platform ?? false,
    ...(kind === 'user' ? { user: id } : {}),
  }
}
