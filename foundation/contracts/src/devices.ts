import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Metadata, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { operation } from './operation.ts'

export const DeviceConnection = Strict({
  state: Choice(['never', 'online', 'offline']),
  protocol: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  since: Type.Optional(Time),
  lastMessageAt: Type.Optional(Time),
  reason: Type.Optional(Type.String({ description: 'Why it went offline, in words' })),
})

export const Device = Strict(
  {
    id: Id('dev'),
    tenant: Id('ten'),
    name: Name,
    /** The equipment it serves; its signals hang there. */
    equipment: Nullable(Id('ast')),
    /** May speak for devices behind it (ThingsBoard gateway topics). */
    gateway: Type.Boolean(),
    /** What happens to a metric nobody announced. */
    unknownMetrics: Choice(['create', 'refuse']),
    state: Choice(['created', 'enrolled', 'disabled']),
    simulated: Type.Boolean(),
    metadata: Metadata,
    connection: DeviceConnection,
    createdAt: Time,
    version: Type.Integer(),
  },
  { $id: 'Device' },
)
export type Device = Static<typeof Device>

export const Certificate = Strict(
  {
    serial: Type.String({ pattern: '^[0-9a-f]{2,40}$' }),
    device: Id('dev'),
    subject: Type.String(),
    fingerprint: Type.String({ description: 'SHA-256 of the DER, hex' }),
    notBefore: Time,
    notAfter: Time,
    revokedAt: Type.Optional(Time),
    revocationReason: Type.Optional(Type.String()),
  },
  { $id: 'Certificate' },
)
export type Certificate = Static<typeof Certificate>

/** A certificate among those of all devices. */
export const ListedCertificate = Strict(
  {
    ...Certificate.properties,
    /** Null: the device is gone. */
    deviceName: Nullable(Name),
  },
  { $id: 'ListedCertificate' },
)
export type ListedCertificate = Static<typeof ListedCertificate>

export const Command = Strict(
  {
    id: Id('cmd'),
    device: Id('dev'),
    name: Key,
    params: Type.Unknown(),
    state: Choice(['queued', 'sent', 'succeeded', 'failed', 'timed-out', 'expired', 'cancelled']),
    result: Type.Optional(Type.Unknown()),
    error: Type.Optional(Type.String()),
    requestedBy: Type.String(),
    createdAt: Time,
    sentAt: Type.Optional(Time),
    finishedAt: Type.Optional(Time),
    /** After this it is not delivered any more. */
    expiresAt: Time,
    /** How long after delivery the device may take to answer, µs. */
    timeout: Type.Integer(),
  },
  { $id: 'Command' },
)
export type Command = Static<typeof Command>

const TwinSide = Strict({
  version: Type.Integer(),
  document: Type.Record(Type.String(), Type.Unknown()),
  updatedAt: Type.Optional(Time),
})
export const Twin = Strict(
  { device: Id('dev'), desired: TwinSide, reported: TwinSide, inSync: Type.Boolean() },
  { $id: 'Twin' },
)
export type Twin = Static<typeof Twin>

export const DeadLetter = Strict(
  {
    id: Id('dlq'),
    time: Time,
    device: Nullable(Id('dev')),
    deviceName: Type.Optional(Type.String()),
    source: Type.String({ description: 'As `mqtt:v1/devices/me/telemetry`' }),
    code: Type.String(),
    reason: Type.String(),
    size: Type.Integer({ description: 'Bytes as received' }),
    /** The first 4 KiB, base64. */
    payload: Type.String(),
    count: Type.Integer({ description: 'How many alike came within the same minute' }),
  },
  { $id: 'DeadLetter' },
)
export type DeadLetter = Static<typeof DeadLetter>

export const DeviceMessage = Strict({
  time: Time,
  direction: Choice(['in', 'out']),
  topic: Type.String(),
  size: Type.Integer(),
  points: Type.Integer(),
  payload: Type.String({ description: 'The first 1 KiB, base64' }),
})
export type DeviceMessage = Static<typeof DeviceMessage>

const Create = {
  name: Name,
  equipment: Type.Optional(Nullable(Id('ast'))),
  gateway: Type.Optional(Type.Boolean()),
  unknownMetrics: Type.Optional(Choice(['create', 'refuse'])),
  simulated: Type.Optional(Type.Boolean()),
  metadata: Type.Optional(Metadata),
}

export const EnrolmentReply = Strict(
  {
    device: Id('dev'),
    tenant: Id('ten'),
    certificate: Type.String({ description: 'PEM' }),
    /** PEM certificates that the server's own certificate chains to. */
    authority: Type.String(),
    notAfter: Time,
    mqtt: Strict({ host: Type.String(), port: Type.Integer() }),
    http: Strict({ url: Type.String() }),
  },
  { $id: 'EnrolmentReply' },
)
export type EnrolmentReply = Static<typeof EnrolmentReply>

export const deviceOperations = {
  listDevices: operation({
    id: 'listDevices',
    method: 'GET',
    path: '/devices',
    tag: 'Devices',
    summary: 'List devices',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      q: Type.Optional(Text),
      equipment: Type.Optional(Id('ast')),
      connection: Type.Optional(Choice(['never', 'online', 'offline'])),
      /** Those that speak through this gateway, or through the connection whose device it is. */
      behind: Type.Optional(Id('dev')),
    }),
    reply: Page(Device),
  }),
  createDevice: operation({
    id: 'createDevice',
    method: 'POST',
    path: '/devices',
    tag: 'Devices',
    summary: 'Announce a device',
    access: 'actor',
    status: 201,
    body: Strict(Create),
    reply: Device,
  }),
  getDevice: operation({
    id: 'getDevice',
    method: 'GET',
    path: '/devices/{id}',
    tag: 'Devices',
    summary: 'One device',
    access: 'actor',
    params: IdParams('dev'),
    reply: Device,
  }),
  updateDevice: operation({
    id: 'updateDevice',
    method: 'PATCH',
    path: '/devices/{id}',
    tag: 'Devices',
    summary: 'Change a device (If-Match)',
    access: 'actor',
    params: IdParams('dev'),
    body: Strict({ ...Create, name: Type.Optional(Name), state: Type.Optional(Choice(['enrolled', 'disabled'])) }),
    reply: Device,
  }),
  deleteDevice: operation({
    id: 'deleteDevice',
    method: 'DELETE',
    path: '/devices/{id}',
    tag: 'Devices',
    summary: 'Remove a device; its history stays',
    access: 'actor',
    params: IdParams('dev'),
  }),
  createEnrolmentToken: operation({
    id: 'createEnrolmentToken',
    method: 'POST',
    path: '/devices/{id}/enrolment-token',
    tag: 'Enrolment',
    summary: 'Make a one-time enrolment token (shown once)',
    access: 'actor',
    status: 201,
    params: IdParams('dev'),
    body: Strict({
      validFor: Type.Optional(
        Type.Integer({ minimum: 60_000_000, maximum: 30 * 86_400_000_000, description: 'µs, default one hour' }),
      ),
    }),
    reply: Strict({ token: Type.String(), expiresAt: Time, authorityFingerprint: Type.String() }),
  }),
  enrol: operation({
    id: 'enrol',
    method: 'POST',
    path: '/enrolment',
    tag: 'Enrolment',
    summary: 'Trade a one-time token and a CSR for a device certificate',
    access: 'public',
    body: Strict({
      token: Type.String({ minLength: 20, maxLength: 200 }),
      csr: Type.String({ maxLength: 16_384, description: 'PKCS #10, PEM' }),
    }),
    reply: EnrolmentReply,
  }),
  renewCertificate: operation({
    id: 'renewCertificate',
    method: 'POST',
    path: '/enrolment/renew',
    tag: 'Enrolment',
    summary: 'Renew over mutual TLS, with the certificate that still holds',
    access: 'actor',
    body: Strict({ csr: Type.String({ maxLength: 16_384 }) }),
    reply: EnrolmentReply,
  }),
  listCertificates: operation({
    id: 'listCertificates',
    method: 'GET',
    path: '/devices/{id}/certificates',
    tag: 'Enrolment',
    summary: 'Certificates of a device',
    access: 'actor',
    params: IdParams('dev'),
    reply: Page(Certificate),
  }),
  listAllCertificates: operation({
    id: 'listAllCertificates',
    method: 'GET',
    path: '/certificates',
    tag: 'Enrolment',
    summary: 'Certificates of all devices, the one that ends first first',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      state: Type.Optional(Choice(['in-force', 'expired', 'revoked'], 'In force: neither revoked nor run out')),
      expiresBefore: Type.Optional(Time),
    }),
    reply: Page(ListedCertificate),
  }),
  revokeCertificate: operation({
    id: 'revokeCertificate',
    method: 'POST',
    path: '/devices/{id}/certificates/{serial}/revoke',
    tag: 'Enrolment',
    summary: 'Revoke; a live connection is cut',
    access: 'actor',
    params: Strict({ id: Id('dev'), serial: Type.String({ pattern: '^[0-9a-f]{2,40}$' }) }),
    body: Strict({ reason: Text }),
    reply: Certificate,
  }),
  createDeviceToken: operation({
    id: 'createDeviceToken',
    method: 'POST',
    path: '/devices/{id}/token',
    tag: 'Enrolment',
    summary: 'Make or replace the access token of a device that cannot hold a certificate (shown once)',
    access: 'actor',
    status: 201,
    params: IdParams('dev'),
    reply: Strict({ token: Type.String() }),
  }),
  revokeDeviceToken: operation({
    id: 'revokeDeviceToken',
    method: 'DELETE',
    path: '/devices/{id}/token',
    tag: 'Enrolment',
    summary: 'Take the access token back',
    access: 'actor',
    params: IdParams('dev'),
  }),
  listDeviceMessages: operation({
    id: 'listDeviceMessages',
    method: 'GET',
    path: '/devices/{id}/messages',
    tag: 'Devices',
    summary: 'The last messages, newest first',
    access: 'actor',
    params: IdParams('dev'),
    reply: Strict({ items: Type.Array(DeviceMessage) }),
  }),
  listDeadLetters: operation({
    id: 'listDeadLetters',
    method: 'GET',
    path: '/dead-letters',
    tag: 'Devices',
    summary: 'What could not be stored, and why',
    access: 'actor',
    query: Strict({ ...PageQuery, device: Type.Optional(Id('dev')), code: Type.Optional(Text) }),
    reply: Page(DeadLetter),
  }),
  sendCommand: operation({
    id: 'sendCommand',
    method: 'POST',
    path: '/devices/{id}/commands',
    tag: 'Commands',
    summary: 'Send a command',
    access: 'actor',
    status: 202,
    params: IdParams('dev'),
    body: Strict({
      name: Key,
      params: Type.Optional(Type.Unknown()),
      timeout: Type.Optional(
        Type.Integer({ minimum: 100_000, maximum: 3_600_000_000, description: 'µs, default 10 s' }),
      ),
      expiresAt: Type.Optional(Time),
    }),
    reply: Command,
  }),
  listCommands: operation({
    id: 'listCommands',
    method: 'GET',
    path: '/devices/{id}/commands',
    tag: 'Commands',
    summary: 'History of commands, newest first',
    access: 'actor',
    params: IdParams('dev'),
    query: Strict(PageQuery),
    reply: Page(Command),
  }),
  getCommand: operation({
    id: 'getCommand',
    method: 'GET',
    path: '/commands/{id}',
    tag: 'Commands',
    summary: 'One command',
    access: 'actor',
    params: IdParams('cmd'),
    reply: Command,
  }),
  cancelCommand: operation({
    id: 'cancelCommand',
    method: 'DELETE',
    path: '/commands/{id}',
    tag: 'Commands',
    summary: 'Cancel a command that was not sent yet',
    access: 'actor',
    params: IdParams('cmd'),
    reply: Command,
  }),
  getTwin: operation({
    id: 'getTwin',
    method: 'GET',
    path: '/devices/{id}/twin',
    tag: 'Twins',
    summary: 'Desired and reported state',
    access: 'actor',
    params: IdParams('dev'),
    reply: Twin,
  }),
  patchDesired: operation({
    id: 'patchDesired',
    method: 'PATCH',
    path: '/devices/{id}/twin/desired',
    tag: 'Twins',
    summary: 'Merge into the desired state (RFC 7396; If-Match)',
    access: 'actor',
    params: IdParams('dev'),
    body: Type.Record(Type.String({ maxLength: 200 }), Type.Unknown()),
    reply: Twin,
  }),
}
