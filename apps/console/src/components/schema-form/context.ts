import { type ComponentType, createContext, useContext } from 'react'
import type { FieldProps, FieldsProps } from './props.ts'

/** What all fields of one form share. */
export interface FormShared {
  /** Pointer -> what is wrong there, in words. */
  readonly faults: ReadonlyMap<string, string>
  /** Pointers of the secrets that the platform holds. */
  readonly secrets: ReadonlySet<string>
  readonly readOnly: boolean
  /** Whose signals are there to choose from. */
  readonly equipment: string | undefined
  /** A row with a secret went: secrets behind it are no longer where they were, and must be given again. */
  readonly onSecretsMoved: (pointer: string) => void
  /** Fields hold fields: they draw each other through these. */
  readonly Fields: ComponentType<FieldsProps>
  readonly FieldInput: ComponentType<FieldProps>
}

export const FormContext = createContext<FormShared | undefined>(undefined)

export function useForm(): FormShared {
  const shared = useContext(FormContext)
  if (shared === undefined) throw new Error('a field was drawn outside of a form')
  return shared
}

/** The first row of a list that has something wrong in it; undefined: all are right. */
export function firstFaulty(faults: ReadonlyMap<string, string>, pointer: string): number | undefined {
  let first: number | undefined
  for (const one of faults.keys()) {
    if (!one.startsWith(`${pointer}/`)) continue
    const index = Number.parseInt(one.slice(pointer.length + 1), 10)
    if (first === undefined || index < first) first = index
  }
  return first
}

/** How many fields at or below a pointer are wrong. */
export const faultsBelow = (faults: ReadonlyMap<string, string>, pointer: string): number =>
  [...faults.keys()].filter((one) => one === pointer || one.startsWith(`${pointer}/`)).length
