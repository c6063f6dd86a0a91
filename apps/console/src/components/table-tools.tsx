import { ActionIcon, Checkbox, Menu, Tooltip } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { t } from '../messages/index.tsx'
import { download, fileName } from './download.ts'
import { IconColumns, IconDownload } from './icons.ts'
import { SavedViews } from './saved-views.tsx'
import styles from './table.module.css'
import { type Column, toCsv } from './table-model.ts'

export interface HiddenColumns {
  readonly set: ReadonlySet<string>
  readonly toggle: (key: string) => void
  readonly replace: (keys: ReadonlySet<string>) => void
}

/** Which columns a person put away, kept in this browser. */
export function useHiddenColumns<T>(name: string, columns: readonly Column<T>[]): HiddenColumns {
  const key = `millwright.columns.${name}`
  const [set, setSet] = useState<ReadonlySet<string>>(() => {
    const kept = localStorage.getItem(key)
    if (kept === null) return new Set(columns.filter((column) => column.optional).map((column) => column.key))
    return new Set(kept.split(','))
  })
  const toggle = (column: string) => {
    const next = new Set(set)
    if (!next.delete(column)) next.add(column)
    replace(next)
  }
  const replace = (next: ReadonlySet<string>) => {
    localStorage.setItem(key, [...next].join(','))
    setSet(next)
  }
  return { set, toggle, replace }
}

interface ToolsProps<T> {
  name: string
  columns: readonly Column<T>[]
  shown: readonly Column<T>[]
  rows: readonly T[]
  hidden: HiddenColumns
  filters?: ReactNode
}

/** What stands over a table: its filters, how many rows, choice of columns, the rows as a file. */
export function TableTools<T>({ name, columns, shown, rows, hidden, filters }: ToolsProps<T>) {
  const save = () => {
    const written = shown.filter((column) => column.text !== undefined)
    const lines = rows.map((row) => written.map((column) => column.text!(row)))
    download(
      fileName(name, 'csv'),
      toCsv(
        written.map((column) => column.title),
        lines,
      ),
      'text/csv',
    )
  }
  return (
    <div className={styles.tools}>
      <div className={styles.filters}>{filters}</div>
      <span className={styles.count}>{t('common.rows', { n: rows.length })}</span>
      <SavedViews name={name} hidden={hidden.set} onHidden={hidden.replace} />
      <Menu closeOnItemClick={false} position="bottom-end">
        <Menu.Target>
          <Tooltip label={t('common.columns')}>
            <ActionIcon aria-label={t('common.columns')}>
              <IconColumns size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {columns.map((column) => (
            <Menu.Item
              key={column.key}
              role="menuitemcheckbox"
              aria-checked={!hidden.set.has(column.key)}
              onClick={() => hidden.toggle(column.key)}
              leftSection={<Checkbox.Indicator size="xs" checked={!hidden.set.has(column.key)} />}
            >
              {column.title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={t('common.downloadCsv')}>
        <ActionIcon aria-label={t('common.downloadCsv')} onClick={save} disabled={rows.length === 0}>
          <IconDownload size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
