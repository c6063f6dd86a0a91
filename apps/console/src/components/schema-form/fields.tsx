import { UnstyledButton } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { t } from '../../messages/index.tsx'
import { IconChevronDown, IconChevronRight } from '../icons.ts'
import { faultsBelow, useForm } from './context.ts'
import styles from './form.module.css'
import type { FieldsProps } from './props.ts'
import { type Field, fieldOf, folded, isRequired, titleOf } from './schema.ts'
import { pointerTo, withField } from './values.ts'

const WIDE = new Set(['object', 'branches', 'rows', 'texts', 'json'])

/** The fields of an object: what matters at once, tuning folded away. */
export function Fields({ schema, value, pointer, onChange }: FieldsProps) {
  const { FieldInput, faults } = useForm()
  const { plain, advanced } = folded(schema)
  const wrong = advanced.reduce((sum, name) => sum + faultsBelow(faults, pointerTo(pointer, name)), 0)
  const field = (name: string) => {
    const part = schema.properties![name]!
    const own = fieldOf(part)
    return (
      <div key={name} className={widthOf(own)}>
        <FieldInput
          title={titleOf(part, name)}
          field={own}
          required={isRequired(schema, name)}
          pointer={pointerTo(pointer, name)}
          value={value[name]}
          onChange={(next) => onChange(withField(value, name, next))}
        />
      </div>
    )
  }
  return (
    <div className={styles.fields}>
      {plain.map(field)}
      {advanced.length > 0 && (
        <Folded count={advanced.length} open={wrong > 0}>
          {advanced.map(field)}
        </Folded>
      )}
    </div>
  )
}

/** Addresses and paths want more room than names and numbers. */
const ROOMY = 400

function widthOf(field: Field): string {
  if (WIDE.has(field.kind) || (field.kind === 'text' && field.long)) return styles.wide ?? ''
  const roomy = field.kind === 'text' && !field.secret && (field.schema.maxLength ?? 0) >= ROOMY
  return (roomy ? styles.roomy : styles.field) ?? ''
}

function Folded({ count, open, children }: { count: number; open: boolean; children: ReactNode }) {
  const id = useId()
  const [opened, setOpened] = useState(false)
  const shown = opened || open
  return (
    <div className={styles.wide}>
      <UnstyledButton
        className={styles.fold}
        aria-expanded={shown}
        aria-controls={id}
        onClick={() => setOpened(!opened)}
      >
        {shown ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        {t('form.advanced', { n: count })}
      </UnstyledButton>
      <div id={id} className={styles.fields} hidden={!shown}>
        {shown && children}
      </div>
    </div>
  )
}
