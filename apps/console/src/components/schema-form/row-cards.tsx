import { UnstyledButton } from '@mantine/core'
import { t } from '../../messages/index.tsx'
import { IconChevronDown, IconChevronRight } from '../icons.ts'
import { faultsBelow, useForm } from './context.ts'
import styles from './form.module.css'
import { Branches } from './group-field.tsx'
import type { RowsProps } from './props.ts'
import { RowActions } from './row-actions.tsx'
import { fieldOf, isValues, type Schema, takenBranch, type Values } from './schema.ts'
import { pointerTo } from './values.ts'

/** Rows that have much in them, or little room: each a card that opens. */
export function RowCards({
  title,
  items,
  pointer,
  rows,
  open,
  onOpen,
  onChange,
  onDuplicate,
  onRemove,
  onUp,
}: RowsProps) {
  const { Fields, faults } = useForm()
  const field = fieldOf(items)
  return (
    <ul className={styles.cards}>
      {rows.map(({ index, value }) => {
        const held = isValues(value) ? value : {}
        const here = pointerTo(pointer, index)
        const shown = open === index || (rows.length === 1 && open === undefined) || faultsBelow(faults, here) > 0
        return (
          <li key={index} className={styles.card}>
            <div className={styles.cardHead}>
              <UnstyledButton
                className={styles.fold}
                aria-expanded={shown}
                aria-label={`${t('form.openRow', { n: index + 1 })}: ${summary(items, held)}`}
                onClick={() => onOpen(shown ? -1 : index)}
              >
                {shown ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
                {summary(items, held) || t('form.row', { n: index + 1 })}
              </UnstyledButton>
              <RowActions index={index} more={undefined} onDuplicate={onDuplicate} onRemove={onRemove} onUp={onUp} />
            </div>
            {shown &&
              (field.kind === 'branches' ? (
                <Branches
                  title={title}
                  branches={field.branches}
                  value={held}
                  pointer={here}
                  onChange={(next) => onChange(index, next)}
                />
              ) : (
                <Fields schema={items} value={held} pointer={here} onChange={(next) => onChange(index, next)} />
              ))}
          </li>
        )
      })}
    </ul>
  )
}

const MOST = 3

/** What tells a row from the others: its first few values. */
export function summary(items: Schema, held: Values): string {
  const field = fieldOf(items)
  const taken = field.kind === 'branches' ? takenBranch(field.branches, held) : undefined
  const values = Object.keys((taken?.schema ?? items).properties ?? {})
    .map((name) => held[name])
    .filter((value) => (typeof value === 'string' && value !== taken?.value) || typeof value === 'number')
    .slice(0, MOST)
    .map((value) => String(value).slice(0, 60))
  return [...(taken === undefined ? [] : [taken.title]), ...values].join(' · ')
}
