import { Button, Group, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { commandsQuery } from '../../api/devices.ts'
import type { Command, Device } from '../../api/types.ts'
import { When } from '../../components/marks.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { parseJson } from '../../components/parse-json.ts'
import { EmptyState, ErrorState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './fleet.module.css'

/** Commands to a device: sent by a form, with their results as they come. */
export function CommandPanel({
  device,
  named = false,
  readOnly = false,
}: {
  device: Device
  named?: boolean
  readOnly?: boolean
}) {
  const commands = useQuery(commandsQuery(device.id))
  return (
    <Stacked>
      {!readOnly && (
        <Panel title={named ? t('command.to', { device: device.name }) : t('command.title')}>
          <CommandForm device={device} />
        </Panel>
      )}
      <Loaded query={commands}>
        {(items) =>
          items.length === 0 && !readOnly ? null : (
            <DataTable
              label={t('command.history')}
              name={`commands-${device.name}`}
              columns={columns(readOnly)}
              rows={items}
              rowKey={(command) => command.id}
              filters={<strong>{t('command.history')}</strong>}
              empty={<EmptyState>{t('command.empty')}</EmptyState>}
            />
          )
        }
      </Loaded>
    </Stacked>
  )
}

function CommandForm({ device }: { device: Device }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [params, setParams] = useState('')
  const [timeout, setTimeoutSeconds] = useState<number | string>(10)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const parsed = parseJson(params)
  const send = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const body = {
        name: name.trim(),
        timeout: Math.round(Number(timeout) * 1_000_000),
        ...(parsed.value === undefined ? {} : { params: parsed.value }),
      }
      const sent = await api.sendCommand({ params: { id: device.id }, body })
      await queries.invalidateQueries({ queryKey: ['devices', 'commands', device.id] })
      tell(t('command.sent', { name: sent.name }), { target: sent.id })
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Stacked>
        <Group align="start" grow preventGrowOverflow={false}>
          <TextInput
            label={t('command.name')}
            placeholder={t('command.namePlaceholder')}
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={200}
            required
          />
          <NumberInput
            label={t('command.timeout')}
            value={timeout}
            onChange={setTimeoutSeconds}
            min={0.1}
            max={3600}
            w={160}
            style={{ flex: 'none' }}
          />
        </Group>
        <Textarea
          label={t('command.params')}
          value={params}
          onChange={(event) => setParams(event.target.value)}
          error={parsed.error === undefined ? undefined : t('command.paramsWrong', { reason: parsed.error })}
          autosize
          minRows={2}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        {error !== undefined && <ErrorState error={error} />}
        <Group justify="space-between">
          <span className={styles.muted}>{t('command.consequence')}</span>
          <Button type="submit" loading={busy} disabled={name.trim() === '' || parsed.error !== undefined}>
            {t('command.send')}
          </Button>
        </Group>
      </Stacked>
    </form>
  )
}

const columns = (readOnly: boolean): Column<Command>[] => [
  {
    key: 'name',
    title: t('command.name'),
    width: 'minmax(120px, 1fr)',
    phone: 'title',
    text: (row) => row.name,
    cell: (row) => <strong>{row.name}</strong>,
  },
  {
    key: 'state',
    title: t('common.state'),
    width: 'minmax(130px, 1fr)',
    text: (row) => t(`command.state.${row.state}`),
    cell: (row) => (
      <span className={row.state === 'failed' || row.state === 'timed-out' ? styles.bad : ''}>
        {t(`command.state.${row.state}`)}
      </span>
    ),
  },
  {
    key: 'result',
    title: t('command.result'),
    width: 'minmax(160px, 2fr)',
    text: (row) => row.error ?? JSON.stringify(row.result),
    cell: (row) => <Result command={row} />,
  },
  {
    key: 'took',
    title: t('command.took'),
    width: '90px',
    align: 'end',
    phone: 'hidden',
    cell: (row) => <Took command={row} />,
  },
  {
    key: 'by',
    title: t('command.by'),
    width: 'minmax(110px, 1fr)',
    text: (row) => row.requestedBy,
    cell: (row) => row.requestedBy,
  },
  {
    key: 'when',
    title: t('command.when'),
    width: '120px',
    sort: (row) => -row.createdAt,
    text: (row) => new Date(row.createdAt / 1000).toISOString(),
    cell: (row) => <When time={row.createdAt} />,
  },
  ...(readOnly
    ? []
    : [
        {
          key: 'act',
          title: t('common.actions'),
          width: '100px',
          align: 'end' as const,
          cell: (row: Command) => <Cancel command={row} />,
        },
      ]),
]

function Result({ command }: { command: Command }) {
  const text = command.error ?? (command.result === undefined ? '' : JSON.stringify(command.result))
  return <span title={text}>{text || t('common.none')}</span>
}

function Took({ command }: { command: Command }) {
  const format = useFormat()
  if (command.finishedAt === undefined || command.sentAt === undefined) return t('common.none')
  return format.duration(command.finishedAt - command.sentAt)
}

function Cancel({ command }: { command: Command }) {
  const queries = useQueryClient()
  if (command.state !== 'queued') return null
  const cancel = async () => {
    await api.cancelCommand({ params: { id: command.id } })
    await queries.invalidateQueries({ queryKey: ['devices', 'commands', command.device] })
    tell(t('command.cancelled', { name: command.name }), { target: command.id })
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={t('command.cancel')}
      onClick={() => void cancel().catch(tellError)}
    >
      {t('common.cancel')}
    </Button>
  )
}
