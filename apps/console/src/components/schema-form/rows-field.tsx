import { ActionIcon, Button, Group, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useState } from 'react'
import { t } from '../../messages/index.tsx'
import { IconChevronLeft, IconChevronRight, IconPlus } from '../icons.ts'
import { useLatestRef } from '../use-latest-ref.ts'
import { firstFaulty, useForm } from './context.ts'
import styles from './form.module.css'
import type { Placed, PropsOf, RowsProps } from './props.ts'
import { RowCards } from './row-cards.tsx'
import { columnsOf, RowTable } from './row-table.tsx'
import { fresh, holdsSecrets } from './values.ts'

const PART = 25
const SEARCH_FROM = 12

/** A list of things with fields of their own: a table where they are flat and there is room, cards otherwise. */
export function RowsField({ title, field, pointer, value, onChange }: PropsOf<'rows'>) {
  const { faults, readOnly, onSecretsMoved } = useForm()
  const narrow = useMediaQuery('(max-width: 720px)') ?? false
  const [part, setPart] = useState(0)
  const [query, setQuery] = useState('')
  const [open, setOpen] = useState<number>()
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const needle = query.toLowerCase()
  const found: Placed[] = list
    .map((one, index) => ({ index, value: one }))
    .filter(({ value: one }) => needle === '' || JSON.stringify(one).toLowerCase().includes(needle))
  const last = Math.max(0, Math.ceil(found.length / PART) - 1)
  const at = Math.min(part, last)
  const shown = found.slice(at * PART, (at + 1) * PART)
  const fault = faults.get(pointer)
  const faulty = firstFaulty(faults, pointer)
  const flat = columnsOf(field.items) !== undefined && !narrow
  const go = (index: number) => {
    setQuery('')
    setPart(Math.floor(index / PART))
    // A card must be opened to be written in; of a table's row only what is seldom needed is closed.
    setOpen(flat ? undefined : index)
  }
  const moved = () => {
    if (holdsSecrets(field.items)) onSecretsMoved(pointer)
  }
  const add = () => {
    onChange([...list, fresh(field.items) ?? {}])
    go(list.length)
  }
  const latest = useLatestRef({ list, onChange, moved, go })
  const [handlers] = useState(() => ({
    onOpen: setOpen,
    onChange: (index: number, next: unknown) => {
      const now = latest.current
      now.onChange(now.list.map((one, other) => (other === index ? next : one)))
    },
    onDuplicate: (index: number) => {
      const now = latest.current
      now.moved()
      now.onChange([...now.list.slice(0, index + 1), structuredClone(now.list[index]), ...now.list.slice(index + 1)])
      now.go(index + 1)
    },
    onRemove: (index: number) => {
      const now = latest.current
      now.moved()
      setOpen(undefined)
      now.onChange(now.list.filter((_, other) => other !== index))
    },
  }))
  const up = useCallback(
    (index: number) => {
      const now = latest.current
      const [before, moving] = [now.list[index - 1], now.list[index]]
      now.onChange(now.list.map((one, other) => (other === index ? before : other === index - 1 ? moving : one)))
    },
    [latest],
  )
  const onUp = field.schema.ordered === true ? up : undefined
  const rows: RowsProps = { title, items: field.items, pointer, rows: shown, open, ...handlers, onUp }
  return (
    <fieldset className={styles.group}>
      <legend>{title}</legend>
      {field.schema.description !== undefined && <p className={styles.help}>{field.schema.description}</p>}
      {fault !== undefined && (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
      {list.length > SEARCH_FROM && (
        <Group justify="space-between" gap="xs">
          <TextInput
            type="search"
            size="xs"
            aria-label={t('form.searchRows', { name: title })}
            placeholder={t('form.searchRows', { name: title })}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
          <span className={styles.help}>{t('form.rowsOf', { n: found.length })}</span>
        </Group>
      )}
      {faulty !== undefined && list.length > 1 && (
        <Button size="compact-sm" variant="default" className={styles.fault ?? ''} onClick={() => go(faulty)}>
          {t('form.faultyRow', { n: faulty + 1 })}
        </Button>
      )}
      {list.length === 0 && <p className={styles.help}>{t('form.noRows')}</p>}
      {shown.length > 0 && (flat ? <RowTable {...rows} /> : <RowCards {...rows} />)}
      {last > 0 && (
        <Group gap="xs">
          <ActionIcon aria-label={t('form.previousRows')} disabled={at === 0} onClick={() => setPart(at - 1)}>
            <IconChevronLeft size={16} aria-hidden />
          </ActionIcon>
          <span className={styles.help}>
            {t('form.rowsShown', { from: at * PART + 1, to: at * PART + shown.length, total: found.length })}
          </span>
          <ActionIcon aria-label={t('form.nextRows')} disabled={at === last} onClick={() => setPart(at + 1)}>
            <IconChevronRight size={16} aria-hidden />
          </ActionIcon>
        </Group>
      )}
      {!readOnly && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            aria-label={t('form.addRowTo', { name: title })}
            onClick={add}
          >
            {t('form.addRow')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
