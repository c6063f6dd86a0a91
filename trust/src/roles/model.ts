import type { Permission, Role } from '@millwright/contracts'
import { PERMISSIONS } from '@millwright/contracts'

export type { Role }

export interface BuiltInRole {
  readonly key: string
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
}

const VIEW: readonly Permission[] = [
  'asset:read',
  'signal:read',
  'alarm:read',
  'rule:read',
  'device:read',
  'service:read',
]
const OPERATE: readonly Permission[] = [...VIEW, 'alarm:acknowledge', 'command:send', 'label:write']
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
  {
    key: 'viewer',
    name: 'Viewer',
    description: 'Sees machines, signals, alarms, rules and AI services.',
    permissions: VIEW,
  },
  {
    key: 'operator',
    name: 'Operator',
    description: 'Runs machines: acknowledges alarms, sends commands, and says what an episode was.',
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
    description: 'Builds the plant’s model: also changes the asset tree, rules and AI services, and imports readings.',
    permissions: [
      ...MAINTAIN,
      'asset:write',
      'rule:write',
      'reading:write',
      'connection:write',
      'service:write',
      'service:train',
    ],
  },
  {
    key: 'data-scientist',
    name: 'Data scientist',
    description: 'Works with history: sees everything that is measured, trains AI services and writes results.',
    permissions: [...VIEW, 'signal:write', 'reading:write', 'service:write', 'service:train', 'label:write'],
  },
  {
    key: ADMINISTRATOR,
    name: 'Administrator',
    description: 'May do everything in the tenant.',
    permissions: PERMISSIONS,
  },
]
