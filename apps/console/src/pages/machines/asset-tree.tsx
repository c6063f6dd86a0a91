import { ActionIcon, Menu } from '@mantine/core'
import { PRIORITIES } from '@millwright/contracts/lists'
import { Link, useNavigate } from '@tanstack/react-router'
import { type CSSProperties, type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { useCan } from '../../api/session.ts'
import type { Alarm, Asset, Device } from '../../api/types.ts'
import { IconChevronRight, IconDots } from '../../components/icons.ts'
import { Tag } from '../../components/marks.tsx'
import { PriorityShape } from '../../components/priority.tsx'
import { useRows } from '../../components/use-rows.ts'
import { t } from '../../messages/index.tsx'
import { summaries } from './node-summary.ts'
import styles from './tree.module.css'
import type { TreeRow } from './tree-model.ts'
import type { NodeActions } from './use-node-actions.tsx'

interface AssetTreeProps {
  /** The whole tree: what stands below closed nodes counts as well. */
  tree: readonly Asset[]
  rows: readonly TreeRow[]
  open: ReadonlySet<string>
  onOpen: (open: ReadonlySet<string>) => void
  alarms: readonly Alarm[]
  devices: readonly Device[]
  actions: NodeActions
}

/** The tree itself (ARIA tree): arrows move and open, Enter goes to the node, n adds, F2 edits, Delete deletes. */
export function AssetTree({ tree, rows, open, onOpen, alarms, devices, actions }: AssetTreeProps) {
  const id = useId()
  const navigate = useNavigate()
  const can = useCan()
  const [cursor, setCursor] = useState(0)
  const body = useRef<HTMLDivElement>(null)
  const virtual = useRows(body, rows.length, false)
  const marks = useMemo(() => summaries(tree, alarms, devices), [tree, alarms, devices])

  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    setCursor(next)
    virtual.show(next)
  }
  const twist = (row: TreeRow, wanted = !row.open) => {
    const next = new Set(open)
    if (wanted) next.add(row.node.id)
    else next.delete(row.node.id)
    onOpen(next)
  }
  const go = (row: TreeRow) => void navigate({ to: '/machines/$id', params: { id: row.node.id } })
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[cursor]
    if (row === undefined || event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return
    const writes = can('asset:write', row.node.path)
    if (event.key === 'ArrowDown' || event.key === 'j') move(cursor + 1)
    else if (event.key === 'ArrowUp' || event.key === 'k') move(cursor - 1)
    else if (event.key === 'Home') move(0)
    else if (event.key === 'End') move(rows.length - 1)
    else if (event.key === 'ArrowRight') row.open ? move(cursor + 1) : row.children > 0 && twist(row, true)
    else if (event.key === 'ArrowLeft')
      row.open ? twist(row, false) : move(rows.findLastIndex((one, index) => index < cursor && one.depth < row.depth))
    else if (event.key === 'Enter') go(row)
    else if (event.key === 'n' && writes) actions.add(row.node)
    else if (event.key === 'F2' && writes) actions.edit(row.node)
    else if (event.key === 'Delete' && writes) actions.remove(row.node)
    else return
    event.preventDefault()
  }

  const line = (index: number, ref?: (element: HTMLElement | null) => void) => {
    const row = rows[index]!
    const { node, depth } = row
    const mark = marks.get(node.id)
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself has the focus and the keys
      <div
        key={node.id}
        ref={ref}
        data-index={index}
        id={`${id}-${index}`}
        role="treeitem"
        tabIndex={-1}
        aria-level={depth + 1}
        aria-expanded={row.children > 0 ? row.open : undefined}
        aria-selected={index === cursor}
        className={`${styles.row} ${index === cursor ? styles.cursor : ''} ${row.hit ? '' : styles.above}`}
        style={{ '--depth': depth } as CSSProperties}
        onClick={(event) => {
          setCursor(index)
          if (!(event.target as HTMLElement).closest('a, button')) row.children > 0 ? twist(row) : go(row)
        }}
      >
        {row.children > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            className={`${styles.twist} ${row.open ? styles.twistOpen : ''}`}
            aria-label={row.open ? t('machines.shut') : t('machines.open')}
            onClick={() => twist(row)}
          >
            <IconChevronRight size={16} aria-hidden />
          </button>
        ) : (
          <span className={styles.twist} />
        )}
        <Link
          to="/machines/$id"
          params={{ id: node.id }}
          tabIndex={-1}
          className={`${styles.name} ${node.level === 'equipment' ? styles.equipment : ''}`}
        >
          {node.name}
        </Link>
        <span className={styles.level}>{t(`level.${node.level}`)}</span>
        {node.shared && <Tag>{t('common.shared')}</Tag>}
        <span className={styles.marks}>
          {mark !== undefined &&
            PRIORITIES.filter((priority) => mark.load[priority] > 0).map((priority) => (
              <span key={priority} className={styles.mark} title={t(`priority.${priority}`)}>
                <PriorityShape priority={priority} size={16} />
                {mark.load[priority]}
                <span className="mw-hidden">{t(`priority.${priority}`)}</span>
              </span>
            ))}
          {mark !== undefined && mark.offline > 0 && (
            <span className={styles.offline}>{t('overview.siteOffline', { n: mark.offline })}</span>
          )}
        </span>
        {can('asset:write', node.path) && <RowMenu row={row} actions={actions} />}
      </div>
    )
  }

  return (
    <div
      role="tree"
      aria-label={t('machines.treeLabel')}
      aria-activedescendant={`${id}-${cursor}`}
      tabIndex={0}
      className={styles.tree}
      onKeyDown={onKeyDown}
    >
      <div
        ref={body}
        className={styles.body}
        role="presentation"
        style={virtual.height === undefined ? undefined : { height: virtual.height }}
      >
        {virtual.items === undefined ? (
          rows.map((_, index) => line(index))
        ) : (
          <div className={styles.window} role="presentation" style={{ transform: `translateY(${virtual.offset}px)` }}>
            {virtual.items.map((item) => line(item.index, virtual.measure))}
          </div>
        )}
      </div>
    </div>
  )
}

function RowMenu({ row: { node }, actions }: { row: TreeRow; actions: NodeActions }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          size="md"
          className={styles.menu}
          tabIndex={-1}
          aria-label={`${t('common.moreActions')}: ${node.name}`}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => actions.add(node)}>{t('machines.addBelow', { name: node.name })}</Menu.Item>
        <Menu.Item onClick={() => actions.edit(node)}>{t('common.edit')}</Menu.Item>
        <Menu.Item onClick={() => actions.move(node)}>{t('machines.move')}</Menu.Item>
        <Menu.Item color="red" onClick={() => actions.remove(node)}>
          {t('common.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
