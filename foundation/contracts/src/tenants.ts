import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Name, Nullable, Page, Strict, Text, Time } from './common.ts'
import { operation } from './operation.ts'

export const Tenant = Strict({ id: Id('ten'), name: Name, createdAt: Time, version: Type.Integer() }, { $id: 'Tenant' })
export type Tenant = Static<typeof Tenant>

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

export const tenantOperations = {
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
