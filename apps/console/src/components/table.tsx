import { Checkbox } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { t } from '../messages/index.tsx'
import { IconChevronDown, IconChevronUp } from './icons.ts'
import styles from './table.module.css'
import { type Column, type Sort, sortRows } from './table-model.ts'
import { TableTools, useHiddenColumns } from './table-tools.tsx'
import { useRows } from './use-rows.ts'

export type { Column } from './table-model.ts'

interface TableProps<T> {
  label: string
  /** Under which the choice of columns is kept, and the name of an exported file. */
  name: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  onOpen?: (row: T) => void
  /** Row that is open beside the table. */
  open?: string | undefined
  selected?: ReadonlySet<string>
  onSelect?: (keys: ReadonlySet<string>) => void
  /** Further keys on the row under the cursor, as `a` to acknowledge. */
  keys?: Readonly<Record<string, (row: T) => void>>
  filters?: ReactNode
  empty: ReactNode
  initialSort?: Sort
  rowClass?: (row: T) => string | undefined
  /** Called when the last rows come into view and there are more to read. */
  onEnd?: (() => void) | undefined
  footer?: ReactNode
}

/** A table of any length: only what is in view is drawn. j/k or arrows move, Enter opens, x selects. */
export function DataTable<T>(props: TableProps<T>) {
  const { label, columns, rows, rowKey, onOpen, onSelect, selected } = props
  const id = useId()
  const narrow = useMediaQuery('(max-width: 720px)') ?? false
  const [sort, setSort] = useState<Sort | undefined>(props.initialSort)
  const [cursor, setCursor] = useState(-1)
  const hidden = useHiddenColumns(props.name, columns)
  const shown = columns.filter((column) => !hidden.set.has(column.key))
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort])
  const body = useRef<HTMLDivElement>(null)
  const virtual = useRows(body, sorted.length, narrow)
  const template = `${onSelect === undefined ? '' : '40px '}${shown.map((column) => column.width ?? 'minmax(100px, 1fr)').join(' ')}`

  const toggle = (row: T) => {
    const next = new Set(selected)
    if (!next.delete(rowKey(row))) next.add(rowKey(row))
    onSelect?.(next)
  }
  const move = (to: number) => {
    const next = Math.max(0, Math.min(sorted.length - 1, to))
    setCursor(next)
    virtual.show(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const row = sorted[cursor]
    if (event.key === 'j' || event.key === 'ArrowDown') move(cursor + 1)
    else if (event.key === 'k' || event.key === 'ArrowUp') move(cursor - 1)
    else if (event.key === 'Home') move(0)
    else if (event.key === 'End') move(sorted.length - 1)
    else if (row === undefined) return
    else if (event.key === 'Enter') onOpen?.(row)
    else if ((event.key === 'x' || event.key === ' ') && onSelect !== undefined) toggle(row)
    else if (props.keys?.[event.key] !== undefined) props.keys[event.key]!(row)
    else return
    event.preventDefault()
  }
  const all = sorted.length > 0 && sorted.every((row) => selected?.has(rowKey(row)))

  const line = (index: number, ref?: (element: HTMLElement | null) => void) => {
    const row = sorted[index]!
    const key = rowKey(row)
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself has the focus and the keys
      <div
        key={key}
        ref={ref}
        data-index={index}
        id={`${id}-${index}`}
        role="row"
        tabIndex={-1}
        aria-rowindex={index + 2}
        aria-selected={selected === undefined ? undefined : selected.has(key)}
        className={[
          narrow ? styles.card : styles.row,
          index === cursor && styles.cursor,
          props.open === key && styles.open,
          onOpen !== undefined && styles.link,
          props.rowClass?.(row),
        ]
          .filter(Boolean)
          .join(' ')}
        style={narrow ? undefined : { gridTemplateColumns: template }}
        onClick={(event) => {
          setCursor(index)
          if (!(event.target as HTMLElement).closest('a, button, input, label')) onOpen?.(row)
        }}
      >
        {onSelect !== undefined && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: a finger may miss the box; the keyboard has x
          <div
            role="gridcell"
            className={styles.check}
            onClick={(event) => {
              event.stopPropagation()
              if (event.target === event.currentTarget) toggle(row)
            }}
          >
            <Checkbox
              size="xs"
              aria-label={t('common.selectRow')}
              checked={selected?.has(key) ?? false}
              onChange={() => toggle(row)}
            />
          </div>
        )}
        {shown.map((column) => (
          <div
            key={column.key}
            role="gridcell"
            className={`${styles.cell} ${column.align === 'end' ? styles.end : ''}`}
            data-phone={column.phone ?? 'line'}
          >
            {column.cell(row)}
          </div>
        ))}
      </div>
    )
  }

  return (
    <div className={styles.frame}>
      <TableTools {...props} hidden={hidden} rows={sorted} shown={shown} />
      {sorted.length === 0 ? (
        props.empty
      ) : (
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={sorted.length + 1}
          aria-multiselectable={onSelect !== undefined || undefined}
          aria-activedescendant={cursor >= 0 ? `${id}-${cursor}` : undefined}
          tabIndex={0}
          className={styles.grid}
          onKeyDown={onKeyDown}
        >
          <div
            role="row"
            aria-rowindex={1}
            className={narrow ? styles.headNarrow : styles.head}
            style={{ gridTemplateColumns: template }}
          >
            {onSelect !== undefined && (
              <div role="columnheader" className={styles.check}>
                <Checkbox
                  size="xs"
                  aria-label={t('common.selectAll')}
                  checked={all}
                  indeterminate={!all && (selected?.size ?? 0) > 0}
                  onChange={() => onSelect(all ? new Set() : new Set(sorted.map(rowKey)))}
                />
              </div>
            )}
            {shown.map((column) => (
              <Header key={column.key} column={column} sort={sort} onSort={setSort} />
            ))}
          </div>
          <div
            ref={body}
            role="rowgroup"
            className={styles.body}
            style={virtual.height === undefined ? undefined : { height: virtual.height }}
          >
            {virtual.items === undefined
              ? sorted.map((_, index) => line(index))
              : virtual.items.length > 0 && (
                  <div
                    className={styles.window}
                    style={{ transform: `translateY(${virtual.offset}px)` }}
                    role="presentation"
                  >
                    {virtual.items.map((item) => line(item.index, virtual.measure))}
                  </div>
                )}
          </div>
        </div>
      )}
      {props.footer}
      <EndWatch onEnd={props.onEnd} />
    </div>
  )
}

function Header<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>
  sort: Sort | undefined
  onSort: (sort: Sort | undefined) => void
}) {
  const here = sort?.key === column.key ? sort : undefined
  const className = column.align === 'end' ? styles.end : ''
  if (column.sort === undefined) {
    return (
      <div role="columnheader" className={`${styles.headCell} ${className}`}>
        {column.title}
      </div>
    )
  }
  const next =
    here === undefined ? { key: column.key, down: false } : here.down ? undefined : { key: column.key, down: true }
  return (
    <div
      role="columnheader"
      className={`${styles.headCell} ${className}`}
      aria-sort={here === undefined ? 'none' : here.down ? 'descending' : 'ascending'}
    >
      <button type="button" className={styles.sort} onClick={() => onSort(next)}>
        {column.title}
        {here !== undefined &&
          (here.down ? <IconChevronDown size={14} aria-hidden /> : <IconChevronUp size={14} aria-hidden />)}
      </button>
    </div>
  )
}

function EndWatch({ onEnd }: { onEnd: (() => void) | undefined }) {
  const mark = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (onEnd === undefined || mark.current === null) return
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && onEnd(), {
      rootMargin: '600px',
    })
    watch.observe(mark.current)
    return () => watch.disconnect()
  }, [onEnd])
  return <div ref={mark} aria-hidden />
}
