import { Button, Group, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { twinQuery } from '../../api/devices.ts'
import type { Device, Twin } from '../../api/types.ts'
import { Panel, Stacked } from '../../components/page.tsx'
import { parseJson } from '../../components/parse-json.ts'
import { EmptyState, ErrorState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './fleet.module.css'
import { mergePatch, twinRows } from './twin-diff.ts'

type Document = Record<string, unknown>

/** What is wanted of a device and what it says it is, side by side. */
export function TwinTab({ device, writes }: { device: Device; writes: boolean }) {
  const twin = useQuery(twinQuery(device.id))
  return (
    <Loaded query={twin} skeleton={<PanelSkeleton height={240} />}>
      {(data) => (
        <Stacked>
          <Sides twin={data} />
          {writes && <DesiredEditor twin={data} />}
        </Stacked>
      )}
    </Loaded>
  )
}

function Sides({ twin }: { twin: Twin }) {
  const rows = twinRows(twin.desired.document as Document, twin.reported.document as Document)
  const differing = rows.filter((row) => row.differs).length
  if (rows.length === 0) {
    return (
      <Panel>
        <EmptyState>{t('fleet.twinNothing')}</EmptyState>
      </Panel>
    )
  }
  return (
    <Panel title={differing === 0 ? t('fleet.twinInSync') : t('fleet.twinDiffers', { n: differing })} flush>
      <div style={{ overflowX: 'auto' }}>
        <table className={styles.diff}>
          <thead>
            <tr>
              <th scope="col">{t('fleet.twinKey')}</th>
              <th scope="col">
                {t('fleet.twinWanted')} · <SideVersion side={twin.desired} />
              </th>
              <th scope="col">
                {t('fleet.twinIs')} · <SideVersion side={twin.reported} />
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.path} data-differs={row.differs || undefined}>
                <th scope="row">{row.path}</th>
                <td>{row.desired === undefined ? t('common.none') : JSON.stringify(row.desired)}</td>
                <td>{row.reported === undefined ? t('fleet.neverReported') : JSON.stringify(row.reported)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function SideVersion({ side }: { side: Twin['desired'] }) {
  const format = useFormat()
  const now = useNow()
  const age =
    side.updatedAt === undefined ? t('common.never') : format.ago(side.updatedAt, Math.max(now, side.updatedAt))
  return t('fleet.twinVersion', { version: side.version, age })
}

function DesiredEditor({ twin }: { twin: Twin }) {
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const parsed = parseJson(text)
  const isObject = typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value)
  const wrong =
    parsed.error !== undefined
      ? t('command.paramsWrong', { reason: parsed.error })
      : parsed.value !== undefined && !isObject
        ? t('fleet.twinNotObject')
        : undefined
  const before = twin.desired.document as Document
  const changes = isObject
    ? twinRows(mergePatch(before, parsed.value) as Document, before).filter(
        (row) => row.differs || row.desired === undefined,
      )
    : []
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const changed = await api.patchDesired({
        params: { id: twin.device },
        body: parsed.value as Document,
        ifMatch: twin.desired.version,
      })
      queries.setQueryData(twinQuery(twin.device).queryKey, changed)
      setText('')
      tell(t('fleet.twinSaved'), { target: twin.device })
    } catch (cause) {
      setError(cause)
      // Somebody else may have changed it: show what is wanted now, so that the change can be made anew.
      void queries.invalidateQueries({ queryKey: twinQuery(twin.device).queryKey })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel title={t('fleet.twinEdit')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Stacked>
          <Textarea
            label={t('fleet.twinPatch')}
            description={t('fleet.twinEditHelp')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={wrong}
            autosize
            minRows={3}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          {isObject && (
            <div>
              <p className={styles.muted}>{changes.length === 0 ? t('fleet.twinNoChange') : t('fleet.twinPreview')}</p>
              <table className={styles.diff}>
                <tbody>
                  {changes.map((row) => (
                    <tr key={row.path}>
                      <th scope="row">{row.path}</th>
                      <td>
                        <del>{row.reported === undefined ? t('common.none') : JSON.stringify(row.reported)}</del>
                      </td>
                      <td>
                        <ins>{row.desired === undefined ? t('common.none') : JSON.stringify(row.desired)}</ins>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {error !== undefined && <ErrorState error={error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={!isObject || changes.length === 0}>
              {t('fleet.twinSave')}
            </Button>
          </Group>
        </Stacked>
      </form>
    </Panel>
  )
}
