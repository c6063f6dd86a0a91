import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useCan } from '../../api/session.ts'
import type { Signal } from '../../api/types.ts'
import { SimulatedTag } from '../../components/marks.tsx'
import { EmptyState } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { LiveValue } from '../../components/value.tsx'
import type { Formatter } from '../../messages/format.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from '../fleet/fleet.module.css'
import { ExportDialog } from './export-dialog.tsx'
import { limits } from './limits.ts'
import { SignalDialog } from './signal-dialog.tsx'

interface SignalTableProps {
  signals: readonly Signal[]
  /** Under which the choice of columns is kept. */
  name: string
  title?: string
  filters?: ReactNode
  empty?: ReactNode
  /** Shows the newest values; the caller keeps them current. */
  live?: boolean
}

/** Signals with what is set for them; chosen ones can be exported, each can be edited. */
export function SignalTable({ signals, name, title, filters, empty, live = true }: SignalTableProps) {
  const can = useCan()
  const format = useFormat()
  const [editing, setEditing] = useState<Signal>()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [exporting, setExporting] = useState(false)
  const chosen = signals.filter((signal) => selected.has(signal.id))
  const writes = can('signal:write')
  return (
    <>
      <DataTable
        label={title ?? t('data.signalsLabel')}
        name={name}
        columns={columns(format, live)}
        rows={signals}
        rowKey={(signal) => signal.id}
        {...(writes ? { onOpen: setEditing } : {})}
        selected={selected}
        onSelect={setSelected}
        filters={
          <>
            {title !== undefined && <strong>{title}</strong>}
            {filters}
            <Button size="xs" variant="default" disabled={chosen.length === 0} onClick={() => setExporting(true)}>
              {chosen.length === 0 ? t('data.export') : t('data.exportSelected', { n: chosen.length })}
            </Button>
          </>
        }
        empty={empty ?? <EmptyState>{t('data.signalsEmpty')}</EmptyState>}
      />
      <SignalDialog signal={editing} onClose={() => setEditing(undefined)} />
      <ExportDialog signals={chosen} opened={exporting} onClose={() => setExporting(false)} />
    </>
  )
}

const columns = (format: Formatter, live: boolean): Column<Signal>[] => [
  {
    key: 'name',
    title: t('signal.name'),
    width: 'minmax(150px, 1.5fr)',
    phone: 'title',
    sort: (signal) => signal.name,
    text: (signal) => signal.name,
    cell: (signal) => (
      <span className={styles.name} title={signal.description || undefined}>
        {signal.equipment === null ? (
          <strong>{signal.name}</strong>
        ) : (
          <Link to="/machines/$id" params={{ id: signal.equipment }} search={{ tab: 'live', signals: [signal.id] }}>
            {signal.name}
          </Link>
        )}
        {!live && signal.simulated && <SimulatedTag />}
      </span>
    ),
  },
  {
    key: 'equipment',
    title: t('signal.equipment'),
    width: 'minmax(120px, 1.2fr)',
    sort: (signal) => signal.equipmentName,
    text: (signal) => signal.equipmentName,
    cell: (signal) => signal.equipmentName ?? t('common.none'),
  },
  ...(live
    ? [
        {
          key: 'value',
          title: t('signal.value'),
          width: 'minmax(130px, 1fr)',
          cell: (signal: Signal) => <LiveValue signal={signal} detail={false} />,
        },
      ]
    : []),
  {
    key: 'kind',
    title: t('signal.kind'),
    width: '90px',
    sort: (signal) => signal.kind,
    text: (signal) => signal.kind,
    cell: (signal) => t(`kind.${signal.kind}`),
  },
  {
    key: 'unit',
    title: t('signal.unit'),
    width: '80px',
    phone: 'hidden',
    sort: (signal) => signal.unit,
    text: (signal) => signal.unit,
    cell: (signal) => signal.unit,
  },
  {
    key: 'limits',
    title: t('signal.limits'),
    width: '110px',
    phone: 'hidden',
    text: (signal) => limits(signal, String),
    cell: (signal) => limits(signal, format.number) || t('common.none'),
  },
  {
    key: 'retention',
    title: t('signal.retention'),
    width: '100px',
    phone: 'hidden',
    sort: (signal) => signal.retention,
    text: (signal) => signal.retention,
    cell: (signal) => t(`signal.retention.${signal.retention}`),
  },
]
