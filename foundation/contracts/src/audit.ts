import { type Static, Type } from 'typebox'
import { Choice, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { operation } from './operation.ts'

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

export const auditOperations = {
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
