/** Data types of Sparkplug B 3.0, section 6.4.16, by their number. */
export const TYPE = {
  Unknown: 0,
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const

const NAMES: readonly string[] = Object.keys(TYPE)

/** As the specification spells it; the number itself when it has none. */
export const typeName = (type: number): string => NAMES[type] ?? String(type)

/** Least and greatest value of the integer types that a double holds exactly. */
export const INTEGER_RANGE: Readonly<Record<number, readonly [least: number, greatest: number]>> = {
  [TYPE.Int8]: [-128, 127],
  [TYPE.Int16]: [-32_768, 32_767],
  [TYPE.Int32]: [-2_147_483_648, 2_147_483_647],
  [TYPE.UInt8]: [0, 255],
  [TYPE.UInt16]: [0, 65_535],
  [TYPE.UInt32]: [0, 4_294_967_295],
}
