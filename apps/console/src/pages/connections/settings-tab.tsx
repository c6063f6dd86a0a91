import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { connectionQuery } from '../../api/connections.ts'
import type { AdapterDescription, Connection } from '../../api/types.ts'
import { Stacked } from '../../components/page.tsx'
import { faultsOf } from '../../components/schema-form/faults.ts'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useAgain, useProbes } from './check-step.tsx'
import styles from './connections.module.css'
import { type Draft, decided, draftOf, refusedField, schemaOf } from './draft.ts'
import { PreviewPanel } from './preview-panel.tsx'
import { SettingsForm } from './settings-form.tsx'
import { TestPanel } from './test-panel.tsx'
import { Trouble } from './trouble.tsx'

interface SettingsTabProps {
  connection: Connection
  adapter: AdapterDescription
  readOnly: boolean
}

/** The settings of a connection, to be tried before they are saved. */
export function SettingsTab({ connection, adapter, readOnly }: SettingsTabProps) {
  const queries = useQueryClient()
  const [kept] = useState(() => draftOf(connection, adapter))
  const [draft, setDraft] = useState<Draft>(kept)
  const [strict, setStrict] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const { test, preview } = useProbes(draft, setError)
  const again = useAgain(test)
  const change = (next: Draft) => {
    setDraft(next)
    setError(undefined)
  }
  const save = async () => {
    setStrict(true)
    if (faultsOf(schemaOf(adapter), draft.config, draft.secrets).size > 0) return
    setBusy(true)
    try {
      const { agent, equipment, config } = draft
      const body = { name: draft.name.trim() || connection.name, agent, equipment, config }
      const saved = await api.updateConnection({ params: { id: connection.id }, body, ifMatch: connection.version })
      tell(t('connections.saved', { name: saved.name }), { target: saved.id })
      queries.setQueryData(connectionQuery(saved.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: ['connections'] })
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stacked>
      <SettingsForm
        draft={draft}
        onChange={change}
        refused={refusedField(error)}
        onRefused={setError}
        strict={strict}
        readOnly={readOnly}
      />
      {!readOnly && (
        <>
          <TestPanel
            probe={test}
            config={draft.config}
            onDecide={(certificate, accepted) => {
              change({ ...draft, config: decided(draft.config, certificate, accepted) })
              again()
            }}
          />
          <PreviewPanel probe={preview} />
          <Trouble draft={draft} strict={strict} error={error} />
          <div className={styles.foot}>
            {draft !== kept && <span className={styles.note}>{t('connections.unsaved')}</span>}
            <Button variant="default" disabled={draft === kept} onClick={() => change(kept)}>
              {t('connections.discard')}
            </Button>
            <Button loading={busy} disabled={draft === kept} onClick={() => void save()}>
              {t('common.save')}
            </Button>
          </div>
        </>
      )}
    </Stacked>
  )
}
