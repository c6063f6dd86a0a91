import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Name, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { operation } from './operation.ts'
import { Permission } from './roles.ts'
import { Tenant } from './tenants.ts'

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

const Password = Type.String({ minLength: 12, maxLength: 200 })

export const sessionOperations = {
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

export const userOperations = {
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
