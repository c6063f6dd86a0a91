import type { Permission, Role } from '@millwright/contracts'
import { PERMISSIONS } from '@millwright/contracts'

export type { Role }

export interface BuiltInRole {
  readonly key: string
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
}

const VIEW: readonly Permission[] = ['asset:read', 'signal:read', 'alarm:read', 'rule:read', 'device:read']
const OPERATE: readonly Permission[] = [...VIEW, 'alarm:acknowledge', 'command:send']
const MAINTAIN: readonly Permission[] = [
  ...OPERATE,
  'device:write',
  'device:enrol',
  'device:revoke',
  'signal:write',
  'connection:read',
]

export const ADMINISTRATOR = 'administrator'

/** The roles every tenant has from its start; they cannot be changed, others can be made beside them. */
export const BUILT_IN_ROLES: readonly BuiltInRole[] = [
  { key: 'viewer', name: 'Viewer', description: 'Sees machines, signals, alarms and rules.', permissions: VIEW },
  {
    key: 'operator',
    name: 'Operator',
    description: 'Runs machines: acknowledges alarms and sends commands.',
    permissions: OPERATE,
  },
  {
    key: 'maintainer',
    name: 'Maintainer',
    description: 'Keeps machines running: also enrols, replaces and revokes devices, and sets up signals.',
    permissions: MAINTAIN,
  },
  {
    key: 'engineer',
    name: 'Engineer',
    description: 'Builds the plant’s model: also changes the asset tree and rules, and imports readings.',
    permissions: [...MAINTAIN, 'asset:write', 'rule:write', 'reading:write', 'connection:write'],
  },
  {
    key: 'data-scientist',
    name: 'Data scientist',
    description: 'Works with history: sees everything that is measured, makes computed signals and writes results.',
    permissions: [...VIEW, 'signal:write', 'reading:write'],
  },
  {
    key: ADMINISTRATOR,
    name: 'Administrator',
    description: 'May do everything in the tenant.',
    permissions: PERMISSIONS,
  },
]
