import { Select, Switch } from '@mantine/core'
import { t } from '../../messages/index.tsx'
import { useForm } from './context.ts'
import styles from './form.module.css'
import type { PropsOf } from './props.ts'
import { type Branch, isValues, type Schema, takenBranch } from './schema.ts'
import { fresh, switched } from './values.ts'

/** A field that has fields of its own; one way of several when the schema has several. */
export function GroupField({ title, field, required, pointer, value, onChange }: PropsOf<'object' | 'branches'>) {
  const { Fields, faults, readOnly } = useForm()
  const { schema } = field
  const fault = faults.get(pointer)
  // What one may leave out whole, and must fill in when it is there, is switched on first.
  const optional = !required && schema.default === undefined && hasNeeds(schema, field)
  const shown = !optional || value !== undefined
  const held = isValues(value) ? value : isValues(schema.default) ? schema.default : {}
  return (
    <fieldset className={styles.group}>
      <legend>{title}</legend>
      {schema.description !== undefined && <p className={styles.help}>{schema.description}</p>}
      {fault !== undefined && (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
      {optional && (
        <Switch
          label={t('form.use')}
          aria-label={`${t('form.use')}: ${title}`}
          checked={shown}
          disabled={readOnly}
          onChange={(event) => onChange(event.currentTarget.checked ? fresh({ ...schema }) : undefined)}
        />
      )}
      {shown && field.kind === 'object' && (
        <Fields schema={schema} value={held} pointer={pointer} onChange={(next) => onChange(emptied(next, required))} />
      )}
      {shown && field.kind === 'branches' && (
        <Branches title={title} branches={field.branches} value={held} pointer={pointer} onChange={onChange} />
      )}
    </fieldset>
  )
}

const hasNeeds = (schema: Schema, field: PropsOf<'object' | 'branches'>['field']): boolean =>
  field.kind === 'branches' || (schema.required ?? []).some((name) => schema.properties?.[name]?.default === undefined)

/** An object of which nothing is set is left out. */
const emptied = (values: Readonly<Record<string, unknown>>, required: boolean) =>
  !required && Object.keys(values).length === 0 ? undefined : values

interface BranchesProps {
  title: string
  branches: readonly Branch[]
  value: Readonly<Record<string, unknown>>
  pointer: string
  onChange: (value: unknown) => void
}

/** The choice between ways, and the fields of the one that was taken. */
export function Branches({ title, branches, value, pointer, onChange }: BranchesProps) {
  const { Fields, readOnly } = useForm()
  const taken = takenBranch(branches, value)
  return (
    <>
      <Select
        aria-label={title}
        maw={420}
        data={branches.map((one) => ({ value: String(one.value), label: one.title }))}
        value={String(taken.value)}
        allowDeselect={false}
        readOnly={readOnly}
        onChange={(next) => {
          const way = branches.find((one) => String(one.value) === next)
          if (way !== undefined && way !== taken) onChange(switched(value, way.schema))
        }}
      />
      {taken.description !== undefined && <p className={styles.help}>{taken.description}</p>}
      <Fields
        key={String(taken.value)}
        schema={taken.schema}
        value={value}
        pointer={pointer}
        onChange={(next) => onChange({ ...next, [taken.key]: taken.value })}
      />
    </>
  )
}
