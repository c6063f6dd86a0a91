import { PERMISSIONS, type Permission } from '@millwright/contracts'
import type { Actor } from '../actor.ts'
import { WHOLE_TENANT } from './authorize.ts'

const EVERYTHING: ReadonlyMap<string, ReadonlySet<Permission>> = new Map([[WHOLE_TENANT, new Set(PERMISSIONS)]])

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
export const deviceActor = (tenant: string, device: string, name: string, address?: string): Actor => ({
  kind: 'device',
  id: device,
  name,
  tenant,
  permissions: new Map(),
  shares: [],
  platform: false,
  ...(address === undefined ? {} : { address }),
})
