import { Button } from '@mantine/core'
import type { ConnectionPreview } from '../../api/types.ts'
import { qualityKey } from '../../charts/quality.ts'
import { readable } from '../../components/base64.ts'
import { Age } from '../../components/marks.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { ErrorState } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import type { Formatter } from '../../messages/format.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './connections.module.css'
import { type PreviewRow, previewRows } from './preview-rows.ts'
import type { Probe } from './use-probe.ts'

/** The first readings that the settings give, and what of them could not be taken. */
export function PreviewPanel({ probe }: { probe: Probe<ConnectionPreview> }) {
  const format = useFormat()
  const { busy, result, error } = probe
  const button = busy ? (
    <Button size="xs" variant="default" onClick={probe.stop}>
      {t('connections.stop')}
    </Button>
  ) : (
    <Button size="xs" variant="default" onClick={() => void probe.run()}>
      {result === undefined && error === undefined ? t('connections.preview') : t('connections.previewAgain')}
    </Button>
  )
  const rows = result === undefined ? [] : previewRows(result.readings)
  const refused = result !== undefined && result.refused.length > 0 && <Refused refused={result.refused} />
  if (rows.length > 0) {
    return (
      <>
        <DataTable
          label={t('connections.previewTitle')}
          name="preview"
          columns={columns(format)}
          rows={rows}
          rowKey={({ newest }) => `${newest.device ?? ''}/${newest.metric}`}
          filters={
            <>
              <strong>{t('connections.previewTitle')}</strong>
              <span role="status" className={styles.note}>
                {t('connections.previewCount', { n: rows.length })}
              </span>
              {button}
            </>
          }
          empty={null}
        />
        {refused}
      </>
    )
  }
  return (
    <Panel title={t('connections.previewTitle')} actions={button}>
      <Stacked>
        <p role="status" className={styles.note}>
          {busy ? t('connections.previewing') : t('connections.previewHelp')}
        </p>
        {error !== undefined && <ErrorState error={error} />}
        {result !== undefined && (
          <p className={styles.failed}>
            {result.status.reason === undefined
              ? t('connections.previewEmpty')
              : t('connections.previewEmptyWhy', { reason: result.status.reason })}
          </p>
        )}
        {refused}
      </Stacked>
    </Panel>
  )
}

function Refused({ refused }: { refused: ConnectionPreview['refused'] }) {
  return (
    <Panel title={t('connections.previewRefused', { n: refused.length })}>
      <ul className={styles.tries}>
        {refused.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list of one answer never changes
          <li key={index}>
            <p>{one.reason}</p>
            <p className={styles.note}>{one.source}</p>
            <pre className={styles.pre}>{readable(one.payload)}</pre>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const columns = (format: Formatter): Column<PreviewRow>[] => [
  {
    key: 'metric',
    title: t('connections.metric'),
    width: 'minmax(150px, 1.5fr)',
    phone: 'title',
    sort: ({ newest: row }) => row.metric,
    text: ({ newest: row }) => row.metric,
    cell: ({ newest: row }) => <strong>{row.metric}</strong>,
  },
  {
    key: 'value',
    title: t('connections.value'),
    width: 'minmax(120px, 1fr)',
    text: ({ newest: row }) => `${shown(row, format)} ${row.unit ?? ''}`.trim(),
    cell: ({ newest: row }) => (
      <span className="mw-number" title={typeof row.value === 'object' ? JSON.stringify(row.value) : undefined}>
        {shown(row, format)} {row.unit === undefined ? '' : format.unit(row.unit)}
      </span>
    ),
  },
  {
    key: 'quality',
    title: t('connections.quality'),
    width: '140px',
    text: ({ newest: row }) => row.quality,
    cell: ({ newest: row }) => t(qualityKey(row.quality)),
  },
  {
    key: 'device',
    title: t('connections.device'),
    width: 'minmax(100px, 0.8fr)',
    sort: ({ newest: row }) => row.device,
    text: ({ newest: row }) => row.device,
    cell: ({ newest: row }) => row.device ?? <span className={styles.note}>{t('connections.ownDevice')}</span>,
  },
  {
    key: 'source',
    title: t('connections.source'),
    width: 'minmax(130px, 1.2fr)',
    phone: 'hidden',
    text: ({ newest: row }) => row.source,
    cell: ({ newest: row }) => <span title={row.source}>{row.source}</span>,
  },
  {
    key: 'count',
    title: t('connections.count'),
    width: '90px',
    align: 'end',
    phone: 'hidden',
    sort: ({ count }) => -count,
    text: ({ count }) => count,
    cell: ({ count }) => format.integer(count),
  },
  {
    key: 'time',
    title: t('connections.time'),
    width: '110px',
    align: 'end',
    sort: ({ newest: row }) => row.time,
    text: ({ newest: row }) => new Date(row.time / 1000).toISOString(),
    cell: ({ newest: row }) => <Age time={row.time} />,
  },
]

const MOST = 80

function shown({ kind, value, unit }: PreviewRow['newest'], format: Formatter): string {
  if (value === null || value === undefined || kind === 'none') return t('common.none')
  if (typeof value === 'number') return format.value(value, unit ?? '')
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no')
  if (typeof value === 'string') return value.slice(0, MOST)
  const { samples } = value as { samples?: unknown }
  if (kind === 'waveform') {
    const count = Array.isArray(value) ? value.length : Array.isArray(samples) ? samples.length : 0
    return t('connections.samples', { n: count })
  }
  return JSON.stringify(value).slice(0, MOST)
}
