import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { PERMISSIONS } from './lists.ts'
import { operation } from './operation.ts'

export const Permission = Choice(PERMISSIONS)
export type Permission = (typeof PERMISSIONS)[number]

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

export const roleOperations = {
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
}
