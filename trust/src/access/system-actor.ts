import { PERMISSIONS, type Permission } from '@millwright/contracts'
import type { Actor } from '../actor.ts'
import { WHOLE_TENANT } from './authorize.ts'

const EVERYTHING: ReadonlyMap<string, ReadonlySet<Permission>> = new Map([[WHOLE_TENANT, new Set(PERMISSIONS)]])

const NOTHING: ReadonlyMap<string, ReadonlySet<Permission>> = new Map()

/** The platform acting on its own behalf in one tenant: a rule, a migration, a clean-up. `name` stands in the audit log. */
export const systemActor = (tenant: string, name = 'platform'): Actor => ({
  kind: 'system',
  id: name,
  name,
  tenant,
  permissions: EVERYTHING,
  shares: [],
  platform: true,
})

/** A device acts for itself alone: services that serve devices go by `kind` and `id`, it holds no permissions. */
export const deviceActor = (
  tenant: string,
  device: string,
  name: string,
  address?: string,
  certificate?: string,
): Actor => ({
  kind: 'device',
  id: device,
  name,
  tenant,
  permissions: NOTHING,
  shares: [],
  platform: false,
  ...(address === undefined ? {} : { address }),
  ...(certificate === undefined ? {} : { certificate }),
})

/** Whoever calls a public operation without being known: holds nothing, belongs nowhere. */
export const anonymousActor = (address: string): Actor => ({
  // Not `system`: that kind is the platform's own.
  kind: 'user',
  id: 'anonymous',
  name: 'anonymous',
  tenant: '',
  permissions: NOTHING,
  shares: [],
  platform: false,
  address,
})
