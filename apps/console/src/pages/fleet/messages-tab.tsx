import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messagesQuery } from '../../api/devices.ts'
import type { Device, DeviceMessage } from '../../api/types.ts'
import { readable } from '../../components/base64.ts'
import { When } from '../../components/marks.tsx'
import { Columns, Panel } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './fleet.module.css'

const KEPT = 1024

/** The last messages of a device, both ways, with what they carried. */
export function MessagesTab({ device }: { device: Device }) {
  const format = useFormat()
  const messages = useQuery(messagesQuery(device.id))
  const [open, setOpen] = useState<DeviceMessage>()
  const key = (message: DeviceMessage) => `${message.time}-${message.direction}-${message.topic}`
  const columns: Column<DeviceMessage>[] = [
    {
      key: 'time',
      title: t('alarms.time'),
      width: '130px',
      text: (row) => new Date(row.time / 1000).toISOString(),
      cell: (row) => <When time={row.time} />,
    },
    {
      key: 'direction',
      title: t('fleet.direction'),
      width: '120px',
      text: (row) => row.direction,
      cell: (row) => t(`fleet.direction.${row.direction}`),
    },
    {
      key: 'topic',
      title: t('fleet.topic'),
      width: 'minmax(160px, 2fr)',
      phone: 'title',
      text: (row) => row.topic,
      cell: (row) => row.topic,
    },
    {
      key: 'size',
      title: t('fleet.size'),
      width: '90px',
      align: 'end',
      text: (row) => row.size,
      cell: (row) => format.bytes(row.size),
    },
    {
      key: 'points',
      title: t('fleet.points'),
      width: '90px',
      align: 'end',
      text: (row) => row.points,
      cell: (row) => format.integer(row.points),
    },
  ]
  return (
    <Loaded query={messages}>
      {(items) => (
        <Columns>
          <DataTable
            label={t('fleet.messages')}
            name={`messages-${device.name}`}
            columns={columns}
            rows={items}
            rowKey={key}
            onOpen={setOpen}
            open={open && key(open)}
            filters={<strong>{t('fleet.messages')}</strong>}
            empty={<EmptyState>{t('fleet.messagesEmpty')}</EmptyState>}
          />
          {(open ?? items[0]) !== undefined && (
            <Panel title={t('fleet.payload')}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long payloads scroll, and the keyboard must reach them */}
              <pre role="region" className={styles.pre} tabIndex={0} aria-label={t('fleet.payload')}>
                {readable((open ?? items[0])!.payload)}
              </pre>
              {(open ?? items[0])!.size > KEPT && <p className={styles.muted}>{t('fleet.payloadCut')}</p>}
            </Panel>
          )}
        </Columns>
      )}
    </Loaded>
  )
}
