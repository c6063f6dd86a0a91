import { ActionIcon, Tooltip } from '@mantine/core'
import { t } from '../../messages/index.tsx'
import { IconArrowUp, IconChevronDown, IconChevronRight, IconCopy, IconTrash } from '../icons.ts'
import { useForm } from './context.ts'
import styles from './form.module.css'

interface RowActionsProps {
  index: number
  /** Opens what stands below the row. */
  more: { readonly open: boolean; readonly toggle: () => void } | undefined
  onDuplicate: (index: number) => void
  onRemove: (index: number) => void
  onUp: ((index: number) => void) | undefined
}

export function RowActions({ index, more, onDuplicate, onRemove, onUp }: RowActionsProps) {
  const { readOnly } = useForm()
  const n = index + 1
  return (
    <span className={styles.rowActions}>
      {more !== undefined && (
        <ActionIcon aria-label={t('form.moreOfRow', { n })} aria-expanded={more.open} onClick={more.toggle}>
          {more.open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        </ActionIcon>
      )}
      {!readOnly && (
        <>
          {onUp !== undefined && (
            <Tooltip label={t('form.up')}>
              <ActionIcon aria-label={t('form.upRow', { n })} disabled={index === 0} onClick={() => onUp(index)}>
                <IconArrowUp size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          <Tooltip label={t('form.duplicate')}>
            <ActionIcon aria-label={t('form.duplicateRow', { n })} onClick={() => onDuplicate(index)}>
              <IconCopy size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('form.remove')}>
            <ActionIcon aria-label={t('form.removeRow', { n })} onClick={() => onRemove(index)}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </>
      )}
    </span>
  )
}
