import { useCallback, useMemo, useState } from 'react'
import { t } from '../../messages/index.tsx'
import { useLatestRef } from '../use-latest-ref.ts'
import { FormContext } from './context.ts'
import { type Fault, faultsOf } from './faults.ts'
import { FieldInput } from './field-input.tsx'
import { Fields } from './fields.tsx'
import type { Schema, Values } from './schema.ts'

interface SchemaFormProps {
  schema: Schema
  value: Values
  onChange: (value: Values) => void
  /** Pointers of the secrets that the platform holds already. */
  secrets: ReadonlySet<string>
  onSecrets?: (secrets: ReadonlySet<string>) => void
  /** What the platform found wrong, at its pointer. */
  refused?: { readonly pointer: string; readonly sentence: string } | undefined
  /** Says also what is still missing: once somebody tried to go on. */
  strict: boolean
  readOnly?: boolean
  /** Whose signals are there to choose from, for fields that choose some. */
  equipment?: string | undefined
}

/** What is not wrong but only not there yet. */
const UNDONE: ReadonlySet<Fault['what']> = new Set(['missing', 'few'])

/** A form for any object that a JSON Schema describes. */
export function SchemaForm({
  schema,
  value,
  onChange,
  secrets,
  onSecrets,
  refused,
  strict,
  readOnly = false,
  equipment,
}: SchemaFormProps) {
  const found = useMemo(() => {
    const words = new Map<string, string>()
    for (const [pointer, fault] of faultsOf(schema, value, secrets))
      if (strict || !UNDONE.has(fault.what)) words.set(pointer, inWords(fault))
    if (refused !== undefined) words.set(refused.pointer, refused.sentence)
    return words
  }, [schema, value, secrets, refused, strict])
  // While nothing else is wrong than before, fields that did not change are not drawn again.
  const faults = useSame(found)
  const latest = useLatestRef({ secrets, onSecrets })
  const onSecretsMoved = useCallback(
    (pointer: string) => {
      const { secrets: held, onSecrets: tell } = latest.current
      tell?.(new Set([...held].filter((one) => !one.startsWith(`${pointer}/`))))
    },
    [latest],
  )
  const shared = useMemo(
    () => ({ faults, secrets, readOnly, equipment, onSecretsMoved, Fields, FieldInput }),
    [faults, secrets, readOnly, equipment, onSecretsMoved],
  )
  return (
    <FormContext value={shared}>
      <Fields schema={schema} value={value} pointer="" onChange={onChange} />
    </FormContext>
  )
}

/** The same map as before while it says the same. */
function useSame(next: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [held, setHeld] = useState(next)
  const same = held.size === next.size && [...next].every(([pointer, sentence]) => held.get(pointer) === sentence)
  if (same) return held
  setHeld(next)
  return next
}

function inWords(fault: Fault): string {
  switch (fault.what) {
    case 'missing':
    case 'whole':
    case 'form':
      return t(`form.fault.${fault.what}`)
    case 'short':
    case 'long':
    case 'few':
    case 'many':
      return t(`form.fault.${fault.what}`, { n: fault.limit })
    default:
      return t(`form.fault.${fault.what}`, { limit: fault.limit })
  }
}
