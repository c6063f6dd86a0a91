/** People, roles, tenants, the audit log. */
export const users = {
  group: 'Users of your tenant',
  list: 'List users',
  invite: 'Invite a user; the one-time sign-in link is shown once',
  link: 'Make a new one-time sign-in link',
  set: 'Rename, disable or enable a user',
  disable: 'they can no longer sign in; their tokens end',
  enable: 'let them in again',
  invited: 'One-time sign-in link of {email}; it is shown only now. Give a role: millwright grants give {email} ROLE',
  linkMade: 'One-time sign-in link of {email}, until {until}. It is shown only now.',
  changed: 'Changed {name} <{email}> ({state}).',
  none: 'No user fits.',
} as const

export const roles = {
  group: 'Roles: sets of permissions',
  list: 'List roles and what they permit',
  create: 'Make a role',
  set: 'Change a role',
  delete: 'Delete a role that nobody has',
  permission: 'permissions, separated by commas; alarm:* for all of an area (may be given several times)',
  created: 'Made the role {name} with {n} permissions.',
  changed: 'Changed the role {name}; it has {n} permissions.',
  deleteQuestion: 'Delete the role {name}?',
  deleted: 'Deleted the role {name}.',
  none: 'There are no roles.',
} as const

export const grants = {
  group: 'Grants: who has which role where',
  list: 'List grants',
  give: 'Give a user a role, everywhere or at a node and below',
  take: 'Take a grant back',
  user: 'only of this user',
  at: 'the node at and below which it holds (default: the whole tenant)',
  atFilter: 'only at this node',
  everywhere: 'everywhere',
  atNode: 'at {node}',
  given: '{user} is {role} {where}.',
  takeQuestion: 'Take the grant {id} back?',
  taken: 'Took the grant {id} back.',
  none: 'There are no grants.',
} as const

export const tenants = {
  group: 'Tenants: organisations on this platform',
  list: 'List the tenants you may see',
  create: 'Make a tenant and its first administrator; the one-time sign-in link is shown once',
  adminEmail: 'e-mail address of the first administrator',
  adminName: 'name of the first administrator',
  created: 'One-time sign-in link of {email}, administrator of {name} ({id}). It is shown only now.',
  none: 'You may see no tenant.',
} as const

export const shares = {
  group: 'Shares: equipment that another tenant may see',
  list: 'List what your tenant shares and is shown',
  create: 'Share a node, and all below it, with a partner tenant',
  revoke: 'Stop sharing',
  direction: 'only these: {ways}',
  signal: 'only this signal (may be given several times; default all)',
  purpose: 'what for',
  until: 'until when',
  allSignals: 'all',
  ended: 'ended',
  created: 'Shared {node} with {partner} ({id}).',
  revokeQuestion: 'Stop sharing {node} with {partner}?',
  revoked: 'No longer sharing {node} with {partner}.',
  none: 'Nothing is shared.',
} as const

export const audit = {
  group: 'The audit log: who did what, hash-chained',
  list: 'List entries, newest first',
  verify: 'Recompute the hash chain; exit code 1 when it is broken',
  action: 'only this action, as alarm.acknowledge',
  actor: 'only by this user, token or device (id)',
  target: 'only about this (id)',
  ok: 'The audit log is whole: {n} entries, head {head}.',
  broken: 'The audit log is BROKEN at entry {at} (of {n}): entries were changed or taken out.',
  none: 'No entry fits.',
} as const
