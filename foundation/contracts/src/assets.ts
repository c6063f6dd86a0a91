import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Metadata, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { LEVELS, RETENTION_CLASSES, SIGNAL_KINDS } from './lists.ts'
import { operation } from './operation.ts'

export type Level = (typeof LEVELS)[number]

export const Position = Strict({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  altitude: Type.Optional(Type.Number({ description: 'm above the WGS 84 ellipsoid' })),
})

export const Asset = Strict(
  {
    id: Id('ast'),
    tenant: Id('ten'),
    parent: Nullable(Id('ast')),
    /** Ids from the root to this node, this one included. */
    path: Type.Array(Id('ast')),
    level: Choice(LEVELS),
    name: Name,
    description: Text,
    equipmentClass: Nullable(Id('cls')),
    metadata: Metadata,
    position: Nullable(Position),
    /** True when the node reaches the viewer by another tenant's share. */
    shared: Type.Boolean(),
    createdAt: Time,
    version: Type.Integer(),
  },
  { $id: 'Asset' },
)
export type Asset = Static<typeof Asset>

export type SignalKind = (typeof SIGNAL_KINDS)[number]

export const ExpectedSignal = Strict({
  name: Key,
  kind: Choice(SIGNAL_KINDS),
  unit: Type.String({ maxLength: 40, description: 'UCUM code; "1" for none' }),
  description: Type.Optional(Text),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
})

export const EquipmentClass = Strict(
  {
    id: Id('cls'),
    name: Name,
    description: Text,
    signals: Type.Array(ExpectedSignal, { maxItems: 2000 }),
    createdAt: Time,
    version: Type.Integer(),
  },
  { $id: 'EquipmentClass' },
)
export type EquipmentClass = Static<typeof EquipmentClass>

export const Signal = Strict(
  {
    id: Id('sig'),
    tenant: Id('ten'),
    name: Key,
    kind: Choice(SIGNAL_KINDS),
    unit: Type.String({ maxLength: 40 }),
    description: Text,
    equipment: Nullable(Id('ast')),
    equipmentName: Type.Optional(Type.String()),
    device: Nullable(Id('dev')),
    /** Outside these a reading is stored as Uncertain, engineering units exceeded (OPC UA). */
    min: Nullable(Type.Number()),
    max: Nullable(Type.Number()),
    /** Largest believable change per second. */
    maxRate: Nullable(Type.Number({ exclusiveMinimum: 0 })),
    /** µs without a reading after which its latest value is stale; null: five times its usual interval. */
    staleAfter: Nullable(Type.Integer({ minimum: 1 })),
    /** µs of an unchanged value that counts as a flat line; null: not judged. */
    flatAfter: Nullable(Type.Integer({ minimum: 1 })),
    retention: Choice(RETENTION_CLASSES),
    simulated: Type.Boolean(),
    createdAt: Time,
    version: Type.Integer(),
  },
  { $id: 'Signal' },
)
export type Signal = Static<typeof Signal>

const NewAsset = {
  level: Choice(LEVELS),
  name: Name,
  parent: Nullable(Id('ast')),
  description: Type.Optional(Text),
  equipmentClass: Type.Optional(Nullable(Id('cls'))),
  metadata: Type.Optional(Metadata),
  position: Type.Optional(Nullable(Position)),
}
const NewClass = {
  name: Name,
  description: Type.Optional(Text),
  signals: Type.Array(ExpectedSignal, { maxItems: 2000 }),
}

/** The tree as a file: names instead of ids, so that it can be moved between platforms. */
export const AssetFile = Strict(
  {
    classes: Type.Array(Strict(NewClass), { maxItems: 1000 }),
    assets: Type.Array(
      Strict({
        path: Type.Array(Name, { minItems: 1, maxItems: 12, description: 'Names from the root' }),
        level: Choice(LEVELS),
        description: Type.Optional(Text),
        equipmentClass: Type.Optional(Name),
        metadata: Type.Optional(Metadata),
        position: Type.Optional(Position),
      }),
      { maxItems: 100_000 },
    ),
  },
  { $id: 'AssetFile' },
)
export type AssetFile = Static<typeof AssetFile>

export const assetOperations = {
  listAssets: operation({
    id: 'listAssets',
    method: 'GET',
    path: '/assets',
    tag: 'Assets',
    summary: 'List nodes of the asset tree, parents before children',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      parent: Type.Optional(Id('ast')),
      under: Type.Optional(Id('ast')),
      level: Type.Optional(Choice(LEVELS)),
      equipmentClass: Type.Optional(Id('cls')),
      q: Type.Optional(Text),
    }),
    reply: Page(Asset),
  }),
  createAsset: operation({
    id: 'createAsset',
    method: 'POST',
    path: '/assets',
    tag: 'Assets',
    summary: 'Add a node',
    access: 'actor',
    status: 201,
    body: Strict(NewAsset),
    reply: Asset,
  }),
  getAsset: operation({
    id: 'getAsset',
    method: 'GET',
    path: '/assets/{id}',
    tag: 'Assets',
    summary: 'One node',
    access: 'actor',
    params: IdParams('ast'),
    reply: Asset,
  }),
  updateAsset: operation({
    id: 'updateAsset',
    method: 'PATCH',
    path: '/assets/{id}',
    tag: 'Assets',
    summary: 'Change or move a node (If-Match)',
    access: 'actor',
    params: IdParams('ast'),
    body: Strict({
      name: Type.Optional(Name),
      parent: Type.Optional(Nullable(Id('ast'))),
      description: Type.Optional(Text),
      equipmentClass: Type.Optional(Nullable(Id('cls'))),
      metadata: Type.Optional(Metadata),
      position: Type.Optional(Nullable(Position)),
    }),
    reply: Asset,
  }),
  deleteAsset: operation({
    id: 'deleteAsset',
    method: 'DELETE',
    path: '/assets/{id}',
    tag: 'Assets',
    summary: 'Remove a node without children',
    access: 'actor',
    params: IdParams('ast'),
  }),
  exportAssets: operation({
    id: 'exportAssets',
    method: 'GET',
    path: '/assets/file',
    tag: 'Assets',
    summary: 'The tree and its classes as a file',
    access: 'actor',
    reply: AssetFile,
  }),
  importAssets: operation({
    id: 'importAssets',
    method: 'PUT',
    path: '/assets/file',
    tag: 'Assets',
    summary: 'Add and update nodes and classes from a file; nothing is removed',
    access: 'actor',
    body: AssetFile,
    bodyLimit: 32 * 1024 * 1024,
    reply: Strict({ classes: Type.Integer(), created: Type.Integer(), updated: Type.Integer() }),
  }),
  listClasses: operation({
    id: 'listClasses',
    method: 'GET',
    path: '/equipment-classes',
    tag: 'Equipment classes',
    summary: 'List equipment classes',
    access: 'actor',
    query: Strict(PageQuery),
    reply: Page(EquipmentClass),
  }),
  createClass: operation({
    id: 'createClass',
    method: 'POST',
    path: '/equipment-classes',
    tag: 'Equipment classes',
    summary: 'Make an equipment class',
    access: 'actor',
    status: 201,
    body: Strict(NewClass),
    reply: EquipmentClass,
  }),
  getClass: operation({
    id: 'getClass',
    method: 'GET',
    path: '/equipment-classes/{id}',
    tag: 'Equipment classes',
    summary: 'One class',
    access: 'actor',
    params: IdParams('cls'),
    reply: EquipmentClass,
  }),
  updateClass: operation({
    id: 'updateClass',
    method: 'PATCH',
    path: '/equipment-classes/{id}',
    tag: 'Equipment classes',
    summary: 'Change a class (If-Match)',
    access: 'actor',
    params: IdParams('cls'),
    body: Strict({
      name: Type.Optional(Name),
      description: Type.Optional(Text),
      signals: Type.Optional(Type.Array(ExpectedSignal, { maxItems: 2000 })),
    }),
    reply: EquipmentClass,
  }),
  deleteClass: operation({
    id: 'deleteClass',
    method: 'DELETE',
    path: '/equipment-classes/{id}',
    tag: 'Equipment classes',
    summary: 'Delete a class that nothing uses',
    access: 'actor',
    params: IdParams('cls'),
  }),
  listSignals: operation({
    id: 'listSignals',
    method: 'GET',
    path: '/signals',
    tag: 'Signals',
    summary: 'List signals',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      equipment: Type.Optional(Id('ast')),
      under: Type.Optional(Id('ast')),
      device: Type.Optional(Id('dev')),
      kind: Type.Optional(Choice(SIGNAL_KINDS)),
      q: Type.Optional(Text),
    }),
    reply: Page(Signal),
  }),
  createSignal: operation({
    id: 'createSignal',
    method: 'POST',
    path: '/signals',
    tag: 'Signals',
    summary: 'Announce a signal',
    access: 'actor',
    status: 201,
    body: Strict({
      name: Key,
      kind: Choice(SIGNAL_KINDS),
      unit: Type.Optional(Type.String({ maxLength: 40 })),
      equipment: Nullable(Id('ast')),
      device: Type.Optional(Nullable(Id('dev'))),
    }),
    reply: Signal,
  }),
  getSignal: operation({
    id: 'getSignal',
    method: 'GET',
    path: '/signals/{id}',
    tag: 'Signals',
    summary: 'One signal',
    access: 'actor',
    params: IdParams('sig'),
    reply: Signal,
  }),
  updateSignal: operation({
    id: 'updateSignal',
    method: 'PATCH',
    path: '/signals/{id}',
    tag: 'Signals',
    summary: 'Change a signal (If-Match)',
    access: 'actor',
    params: IdParams('sig'),
    body: Strict({
      unit: Type.Optional(Type.String({ maxLength: 40 })),
      description: Type.Optional(Text),
      equipment: Type.Optional(Nullable(Id('ast'))),
      min: Type.Optional(Nullable(Type.Number())),
      max: Type.Optional(Nullable(Type.Number())),
      maxRate: Type.Optional(Nullable(Type.Number({ exclusiveMinimum: 0 }))),
      staleAfter: Type.Optional(Nullable(Type.Integer({ minimum: 1 }))),
      flatAfter: Type.Optional(Nullable(Type.Integer({ minimum: 1 }))),
      retention: Type.Optional(Choice(RETENTION_CLASSES)),
    }),
    reply: Signal,
  }),
}
