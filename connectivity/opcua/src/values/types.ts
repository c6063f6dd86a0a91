/** Built-in types (Part 6, 5.1.2), which a variant says its value is of. */
export const TYPE = {
  null: 0,
  boolean: 1,
  sbyte: 2,
  byte: 3,
  int16: 4,
  uint16: 5,
  int32: 6,
  uint32: 7,
  int64: 8,
  uint64: 9,
  float: 10,
  double: 11,
  string: 12,
  dateTime: 13,
  guid: 14,
  byteString: 15,
  xmlElement: 16,
  nodeId: 17,
  expandedNodeId: 18,
  statusCode: 19,
  qualifiedName: 20,
  localizedText: 21,
  extensionObject: 22,
  dataValue: 23,
  variant: 24,
  diagnosticInfo: 25,
} as const

export const TYPE_NAMES = [
  'Null', 'Boolean', 'SByte', 'Byte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64', 'Float', 'Double', 'String',
  'DateTime', 'Guid', 'ByteString', 'XmlElement', 'NodeId', 'ExpandedNodeId', 'StatusCode', 'QualifiedName', 'LocalizedText',
  'ExtensionObject', 'DataValue', 'Variant', 'DiagnosticInfo',
] as const // biome-ignore format: a list of names

/** Array types of the library's variants. */
export const SHAPE = { scalar: 0, array: 1, matrix: 2 } as const

const HIGH = 4_294_967_296

/** The library gives 64-bit integers as two halves; what a double cannot hold exactly is the nearest one. */
export function wide64(value: unknown, signed: boolean): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (!Array.isArray(value) || value.length !== 2) return Number.NaN
  const [high, low] = value as [number, number]
  return (signed ? high | 0 : high >>> 0) * HIGH + (low >>> 0)
}

export const isNumeric = (type: number): boolean => type >= TYPE.sbyte && type <= TYPE.double
