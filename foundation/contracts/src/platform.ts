import { type Static, Type } from 'typebox'
import { Id, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { operation } from './operation.ts'

export const PlatformInfo = Strict(
  {
    name: Type.String(),
    version: Type.String(),
    time: Time,
    publicUrl: Type.String(),
    mqtt: Strict({ host: Type.String(), port: Type.Integer() }),
    /** PEM of the certificate authority, and the SHA-256 of its DER that enrolment tokens carry. */
    authority: Type.String(),
    authorityFingerprint: Type.String(),
  },
  { $id: 'PlatformInfo' },
)
export type PlatformInfo = Static<typeof PlatformInfo>

export const Event = Strict(
  {
    id: Id('evt'),
    time: Time,
    type: Type.String({ description: 'As `millwright.device.connected`' }),
    subject: Type.String({ description: 'Id of what it is about' }),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'Event' },
)
export type Event = Static<typeof Event>

export const platformOperations = {
  getInfo: operation({
    id: 'getInfo',
    method: 'GET',
    path: '/info',
    tag: 'Platform',
    summary: 'What this platform is and where devices reach it',
    access: 'public',
    reply: PlatformInfo,
  }),
  listEvents: operation({
    id: 'listEvents',
    method: 'GET',
    path: '/events',
    tag: 'Platform',
    summary: 'What happened, newest first',
    access: 'actor',
    query: Strict({ ...PageQuery, type: Type.Optional(Text), subject: Type.Optional(Text) }),
    reply: Page(Event),
  }),
  backup: operation({
    id: 'backup',
    method: 'POST',
    path: '/backup',
    tag: 'Platform',
    summary: 'A backup of everything, taken while the platform runs',
    access: 'actor',
    produces: 'application/x-tar',
    reply: Type.Unknown(),
  }),
}
