import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { operation } from './operation.ts'

/** Everything a person or a token may be allowed to do; roles are sets of these. */
export const PERMISSIONS = [
  'asset:read',
  'asset:write',
  'signal:read',
  'signal:write',
  'reading:write',
  'device:read',
  'device:write',
  'device:enrol',
  'device:revoke',
  'command:send',
  'alarm:read',
  'alarm:acknowledge',
  'rule:read',
  'rule:write',
  'user:read',
  'user:write',
  'role:write',
  'share:write',
  'tenant:write',
  'audit:read',
  'platform:backup',
  'platform:configure',
] as const
export const Permission = Choice(PERMISSIONS)
export type Permission = (typeof PERMISSIONS)[number]

export const User = Strict(
  {
    id: Id('usr'),
    tenant: Id('ten'),
    email: Type.String({ format: 'email', maxLength: 254 }),
    name: Name,
    state: Choice(['invited', 'active', 'disabled']),
    createdAt: Time,
    lastSignInAt: Type.Optional(Time),
    version: Type.Integer(),
  },
  { $id: 'User' },
)
export type User = Static<typeof User>

export const Role = Strict(
  {
    id: Id('rol'),
    name: Name,
    description: Text,
    builtIn: Type.Boolean(),
    permissions: Type.Array(Permission),
    version: Type.Integer(),
  },
  { $id: 'Role' },
)
export type Role = Static<typeof Role>

export const Grant = Strict(
  {
    id: Id('grt'),
    user: Id('usr'),
    role: Id('rol'),
    /** The asset node the role holds at and below; null: the whole tenant. */
    node: Nullable(Id('ast')),
    createdAt: Time,
  },
  { $id: 'Grant' },
)
export type Grant = Static<typeof Grant>

export const Tenant = Strict({ id: Id('ten'), name: Name, createdAt: Time, version: Type.Integer() }, { $id: 'Tenant' })
export type Tenant = Static<typeof Tenant>

export const Session = Strict(
  {
    user: User,
    tenant: Tenant,
    /** Effective permissions per node ("*" for the whole tenant): what the console shows and hides by. */
    permissions: Type.Record(Type.String(), Type.Array(Permission)),
    /** To be sent as `x-csrf-token` with each changing request. */
    csrf: Type.String(),
    expiresAt: Time,
    /** True after a one-time link: the only thing open is setting a password. */
    mustSetPassword: Type.Boolean(),
  },
  { $id: 'Session' },
)
export type Session = Static<typeof Session>

export const ApiToken = Strict(
  {
    id: Id('tok'),
    name: Name,
    permissions: Type.Array(Permission),
    createdAt: Time,
    expiresAt: Time,
    lastUsedAt: Type.Optional(Time),
    revokedAt: Type.Optional(Time),
  },
  { $id: 'ApiToken' },
)
export type ApiToken = Static<typeof ApiToken>

export const Share = Strict(
  {
    id: Id('shr'),
    owner: Id('ten'),
    ownerName: Name,
    partner: Id('ten'),
    partnerName: Name,
    node: Id('ast'),
    nodeName: Name,
    /** Names of the signals shared; empty: all of the node and below. */
    signals: Type.Array(Key, { maxItems: 1000 }),
    purpose: Text,
    createdAt: Time,
    until: Nullable(Time),
    revokedAt: Type.Optional(Time),
  },
  { $id: 'Share' },
)
export type Share = Static<typeof Share>

export const AuditEntry = Strict(
  {
    sequence: Type.Integer(),
    time: Time,
    actorKind: Choice(['user', 'token', 'device', 'system']),
    actor: Type.String(),
    actorName: Type.String(),
    action: Type.String({ description: 'As `alarm.acknowledge`' }),
    target: Type.String(),
    detail: Type.Record(Type.String(), Type.Unknown()),
    address: Type.Optional(Type.String()),
    hash: Type.String({ description: 'SHA-256 over this entry and the hash of the one before, hex' }),
  },
  { $id: 'AuditEntry' },
)
export type AuditEntry = Static<typeof AuditEntry>

const Password = Type.String({ minLength: 12, maxLength: 200 })

const session = {
  signIn: operation({
    id: 'signIn',
    method: 'POST',
    path: '/session',
    tag: 'Session',
    summary: 'Sign in with e-mail and password',
    access: 'public',
    body: Strict({ email: Type.String({ maxLength: 254 }), password: Type.String({ minLength: 1, maxLength: 200 }) }),
    reply: Session,
  }),
  signInByLink: operation({
    id: 'signInByLink',
    method: 'POST',
    path: '/session/link',
    tag: 'Session',
    summary: 'Sign in with a one-time link',
    access: 'public',
    body: Strict({ token: Type.String({ minLength: 20, maxLength: 200 }) }),
    reply: Session,
  }),
  getSession: operation({
    id: 'getSession',
    method: 'GET',
    path: '/session',
    tag: 'Session',
    summary: 'Who am I',
    access: 'actor',
    reply: Session,
  }),
  setPassword: operation({
    id: 'setPassword',
    method: 'POST',
    path: '/session/password',
    tag: 'Session',
    summary: 'Set or change my password',
    access: 'actor',
    body: Strict({ current: Type.Optional(Type.String({ maxLength: 200 })), next: Password }),
    reply: Session,
  }),
  signOut: operation({
    id: 'signOut',
    method: 'DELETE',
    path: '/session',
    tag: 'Session',
    summary: 'Sign out',
    access: 'actor',
  }),
}

const users = {
  listUsers: operation({
    id: 'listUsers',
    method: 'GET',
    path: '/users',
    tag: 'Users',
    summary: 'List users',
    access: 'actor',
    query: Strict({ ...PageQuery, q: Type.Optional(Text) }),
    reply: Page(User),
  }),
  createUser: operation({
    id: 'createUser',
    method: 'POST',
    path: '/users',
    tag: 'Users',
    summary: 'Invite a user',
    access: 'actor',
    status: 201,
    body: Strict({ email: Type.String({ format: 'email', maxLength: 254 }), name: Name }),
    reply: Strict({ user: User, link: Type.String({ description: 'One-time sign-in link, shown once' }) }),
  }),
  getUser: operation({
    id: 'getUser',
    method: 'GET',
    path: '/users/{id}',
    tag: 'Users',
    summary: 'One user',
    access: 'actor',
    params: IdParams('usr'),
    reply: User,
  }),
  updateUser: operation({
    id: 'updateUser',
    method: 'PATCH',
    path: '/users/{id}',
    tag: 'Users',
    summary: 'Rename, disable or enable a user',
    access: 'actor',
    params: IdParams('usr'),
    body: Strict({ name: Type.Optional(Name), state: Type.Optional(Choice(['active', 'disabled'])) }),
    reply: User,
  }),
  createSignInLink: operation({
    id: 'createSignInLink',
    method: 'POST',
    path: '/users/{id}/link',
    tag: 'Users',
    summary: 'Make a new one-time sign-in link',
    access: 'actor',
    status: 201,
    params: IdParams('usr'),
    reply: Strict({ link: Type.String(), expiresAt: Time }),
  }),
  listRoles: operation({
    id: 'listRoles',
    method: 'GET',
    path: '/roles',
    tag: 'Roles',
    summary: 'List roles',
    access: 'actor',
    reply: Page(Role),
  }),
  createRole: operation({
    id: 'createRole',
    method: 'POST',
    path: '/roles',
    tag: 'Roles',
    summary: 'Make a role',
    access: 'actor',
    status: 201,
    body: Strict({ name: Name, description: Text, permissions: Type.Array(Permission, { uniqueItems: true }) }),
    reply: Role,
  }),
  updateRole: operation({
    id: 'updateRole',
    method: 'PATCH',
    path: '/roles/{id}',
    tag: 'Roles',
    summary: 'Change a role',
    access: 'actor',
    params: IdParams('rol'),
    body: Strict({
      name: Type.Optional(Name),
      description: Type.Optional(Text),
      permissions: Type.Optional(Type.Array(Permission, { uniqueItems: true })),
    }),
    reply: Role,
  }),
  deleteRole: operation({
    id: 'deleteRole',
    method: 'DELETE',
    path: '/roles/{id}',
    tag: 'Roles',
    summary: 'Delete a role that nobody has',
    access: 'actor',
    params: IdParams('rol'),
  }),
  listGrants: operation({
    id: 'listGrants',
    method: 'GET',
    path: '/grants',
    tag: 'Roles',
    summary: 'Who has which role where',
    access: 'actor',
    query: Strict({ user: Type.Optional(Id('usr')), node: Type.Optional(Id('ast')), ...PageQuery }),
    reply: Page(Grant),
  }),
  createGrant: operation({
    id: 'createGrant',
    method: 'POST',
    path: '/grants',
    tag: 'Roles',
    summary: 'Grant a role at a node',
    access: 'actor',
    status: 201,
    body: Strict({ user: Id('usr'), role: Id('rol'), node: Nullable(Id('ast')) }),
    reply: Grant,
  }),
  deleteGrant: operation({
    id: 'deleteGrant',
    method: 'DELETE',
    path: '/grants/{id}',
    tag: 'Roles',
    summary: 'Take a grant back',
    access: 'actor',
    params: IdParams('grt'),
  }),
  listTokens: operation({
    id: 'listTokens',
    method: 'GET',
    path: '/tokens',
    tag: 'API tokens',
    summary: 'My API tokens',
    access: 'actor',
    reply: Page(ApiToken),
  }),
  createToken: operation({
    id: 'createToken',
    method: 'POST',
    path: '/tokens',
    tag: 'API tokens',
    summary: 'Make an API token (its secret is shown once)',
    access: 'actor',
    status: 201,
    body: Strict({
      name: Name,
      permissions: Type.Array(Permission, { minItems: 1, uniqueItems: true }),
      expiresAt: Time,
    }),
    reply: Strict({ token: ApiToken, secret: Type.String() }),
  }),
  revokeToken: operation({
    id: 'revokeToken',
    method: 'DELETE',
    path: '/tokens/{id}',
    tag: 'API tokens',
    summary: 'Revoke an API token',
    access: 'actor',
    params: IdParams('tok'),
  }),
}

const tenants = {
  listTenants: operation({
    id: 'listTenants',
    method: 'GET',
    path: '/tenants',
    tag: 'Tenants',
    summary: 'Tenants I may see: mine, and all for a platform administrator',
    access: 'actor',
    reply: Page(Tenant),
  }),
  createTenant: operation({
    id: 'createTenant',
    method: 'POST',
    path: '/tenants',
    tag: 'Tenants',
    summary: 'Make a tenant and its first administrator',
    access: 'actor',
    status: 201,
    body: Strict({ name: Name, adminEmail: Type.String({ format: 'email', maxLength: 254 }), adminName: Name }),
    reply: Strict({ tenant: Tenant, link: Type.String() }),
  }),
  listShares: operation({
    id: 'listShares',
    method: 'GET',
    path: '/shares',
    tag: 'Shares',
    summary: 'What my tenant shares, or is shown',
    access: 'actor',
    query: Strict({ direction: Type.Optional(Choice(['given', 'received'])) }),
    reply: Page(Share),
  }),
  createShare: operation({
    id: 'createShare',
    method: 'POST',
    path: '/shares',
    tag: 'Shares',
    summary: 'Share equipment with a partner tenant',
    access: 'actor',
    status: 201,
    body: Strict({
      partner: Id('ten'),
      node: Id('ast'),
      signals: Type.Array(Key, { maxItems: 1000 }),
      purpose: Text,
      until: Nullable(Time),
    }),
    reply: Share,
  }),
  revokeShare: operation({
    id: 'revokeShare',
    method: 'DELETE',
    path: '/shares/{id}',
    tag: 'Shares',
    summary: 'Stop sharing',
    access: 'actor',
    params: IdParams('shr'),
  }),
}

const audit = {
  listAudit: operation({
    id: 'listAudit',
    method: 'GET',
    path: '/audit',
    tag: 'Audit',
    summary: 'The audit log, newest first',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      action: Type.Optional(Text),
      actor: Type.Optional(Text),
      target: Type.Optional(Text),
      from: Type.Optional(Time),
      to: Type.Optional(Time),
    }),
    reply: Page(AuditEntry),
  }),
  verifyAudit: operation({
    id: 'verifyAudit',
    method: 'GET',
    path: '/audit/verify',
    tag: 'Audit',
    summary: 'Recompute the hash chain',
    access: 'actor',
    reply: Strict({
      ok: Type.Boolean(),
      entries: Type.Integer(),
      head: Type.String(),
      brokenAt: Type.Optional(Type.Integer()),
    }),
  }),
}

export const trustOperations = { ...session, ...users, ...tenants, ...audit }
