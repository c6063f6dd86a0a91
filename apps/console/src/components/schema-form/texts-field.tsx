import { Button, Group, Textarea } from '@mantine/core'
import { t } from '../../messages/index.tsx'
import { IconPlus } from '../icons.ts'
import { useForm } from './context.ts'
import styles from './form.module.css'
import type { PropsOf } from './props.ts'
import { pointerTo } from './values.ts'

/** A list of papers: certificates, scripts. */
export function TextsField({ title, field, pointer, value, onChange }: PropsOf<'texts'>) {
  const { faults, readOnly } = useForm()
  const list = Array.isArray(value) ? (value as string[]) : []
  const set = (index: number, text: string) => onChange(list.map((one, at) => (at === index ? text : one)))
  return (
    <fieldset className={styles.group}>
      <legend>{title}</legend>
      {field.schema.description !== undefined && <p className={styles.help}>{field.schema.description}</p>}
      {list.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts have no identity but their place
        <Group key={index} align="start" wrap="nowrap">
          <Textarea
            className={styles.grows ?? ''}
            aria-label={t('form.cellOf', { name: title, n: index + 1 })}
            value={text}
            error={faults.get(pointerTo(pointer, index))}
            readOnly={readOnly}
            onChange={(event) => set(index, event.currentTarget.value)}
            autosize
            minRows={2}
            maxRows={5}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          {!readOnly && (
            <Button
              variant="default"
              aria-label={t('form.removeRow', { n: index + 1 })}
              onClick={() => onChange(list.filter((_, at) => at !== index))}
            >
              {t('form.remove')}
            </Button>
          )}
        </Group>
      ))}
      {!readOnly && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={t('form.addRowTo', { name: title })}
          onClick={() => onChange([...list, ''])}
        >
          {t('form.addRow')}
        </Button>
      )}
    </fieldset>
  )
}
