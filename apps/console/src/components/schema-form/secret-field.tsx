import { Button, Group, Input, PasswordInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../messages/index.tsx'
import { DESCRIPTION_BELOW } from '../field-order.ts'
import { useForm } from './context.ts'
import styles from './form.module.css'
import type { PropsOf } from './props.ts'

/** A secret is written and never shown: of one that is held it is said that it is, and it can be replaced. */
export function SecretField({ title, field, required, pointer, value, onChange, cell }: PropsOf<'text'>) {
  const { faults, secrets, readOnly } = useForm()
  const [replacing, setReplacing] = useState(false)
  const held = secrets.has(pointer)
  const fault = faults.get(pointer)
  const words = {
    ...(cell === undefined ? { label: title } : {}),
    ...(cell === undefined && field.schema.description !== undefined ? { description: field.schema.description } : {}),
    ...(fault === undefined ? {} : { error: fault }),
    withAsterisk: required && cell === undefined,
    inputWrapperOrder: DESCRIPTION_BELOW,
  }
  if (held && value === undefined && !replacing) {
    return (
      <Input.Wrapper {...words} labelElement="div">
        <Group gap="xs" className={styles.secret}>
          <span>{t('form.secretSet')}</span>
          {!readOnly && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('form.secretReplaceOf', { name: title })}
              onClick={() => setReplacing(true)}
            >
              {t('form.secretReplace')}
            </Button>
          )}
        </Group>
      </Input.Wrapper>
    )
  }
  const shared = {
    ...words,
    ...(cell === undefined
      ? {}
      : { 'aria-label': t('form.cellOf', { name: title, n: cell.row }), size: 'xs' as const }),
    value: typeof value === 'string' ? value : '',
    autoComplete: 'new-password',
    spellCheck: false,
    readOnly,
    autoFocus: replacing,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value || undefined),
  }
  return (
    <>
      {field.long ? (
        <Textarea {...shared} autosize minRows={2} maxRows={8} classNames={{ input: styles.hiddenText ?? '' }} />
      ) : (
        <PasswordInput {...shared} />
      )}
      {held && (
        <Button
          mt={4}
          size="compact-sm"
          variant="subtle"
          aria-label={t('form.secretKeepOf', { name: title })}
          onClick={() => {
            setReplacing(false)
            onChange(undefined)
          }}
        >
          {t('form.secretKeep')}
        </Button>
      )}
    </>
  )
}
