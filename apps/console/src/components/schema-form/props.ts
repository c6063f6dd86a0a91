import type { Field, Schema, Values } from './schema.ts'

/** What the input of one field is given. */
export interface FieldProps<F extends Field = Field> {
  title: string
  field: F
  required: boolean
  pointer: string
  value: unknown
  onChange: (value: unknown) => void
  /** In a table: the column says what it is. */
  cell?: { readonly row: number } | undefined
}

export type PropsOf<K extends Field['kind']> = FieldProps<Extract<Field, { kind: K }>>

/** The fields of an object. */
export interface FieldsProps {
  schema: Schema
  value: Values
  pointer: string
  onChange: (value: Values) => void
}

/** A row where it stands in the whole list. */
export interface Placed {
  readonly index: number
  readonly value: unknown
}

/** What both ways to show rows are given. */
export interface RowsProps {
  title: string
  items: Schema
  pointer: string
  rows: readonly Placed[]
  /** The row that was just made, or gone to: it stands open. */
  open: number | undefined
  onOpen: (index: number | undefined) => void
  onChange: (index: number, value: unknown) => void
  onDuplicate: (index: number) => void
  onRemove: (index: number) => void
  /** Moves a row up, where the order means something. */
  onUp: ((index: number) => void) | undefined
}
