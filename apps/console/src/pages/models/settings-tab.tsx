import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { serviceQuery } from '../../api/services.ts'
import type { Service, ServiceKind } from '../../api/types.ts'
import { Stacked } from '../../components/page.tsx'
import { ErrorState } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import styles from './models.module.css'
import { isReady, refusedSetting, type ServiceDraft } from './service-draft.ts'
import { SettingsForm } from './settings-form.tsx'

interface SettingsTabProps {
  service: Service
  kind: ServiceKind
  readOnly: boolean
}

/** What it is told. The alarm counts at once; the rest from the next training on. */
export function SettingsTab({ service, kind, readOnly }: SettingsTabProps) {
  const queries = useQueryClient()
  const [kept] = useState<ServiceDraft>(() => ({
    kind,
    equipment: service.equipment,
    name: service.name,
    settings: service.settings,
    alarm: service.alarm,
  }))
  const [draft, setDraft] = useState(kept)
  const [strict, setStrict] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const change = (next: ServiceDraft) => {
    setDraft(next)
    setError(undefined)
  }
  const save = async () => {
    setStrict(true)
    if (!isReady(draft)) return
    setBusy(true)
    try {
      const body = {
        name: draft.name.trim() || service.name,
        settings: { ...draft.settings },
        ...(draft.alarm === kept.alarm ? {} : { alarm: draft.alarm }),
      }
      const saved = await api.updateService({ params: { id: service.id }, body, ifMatch: service.version })
      tell(t('models.saved', { name: saved.name }), { target: saved.id })
      queries.setQueryData(serviceQuery(saved.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: ['services'] })
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stacked>
      <p className={styles.note}>{kind.trains ? t('models.settingsCount') : t('models.settingsCountUpload')}</p>
      <SettingsForm
        draft={draft}
        onChange={change}
        suggested={service.name}
        refused={refusedSetting(error)}
        strict={strict}
        readOnly={readOnly}
      />
      {error !== undefined && <ErrorState error={error} />}
      {!readOnly && (
        <div className={styles.foot}>
          {draft !== kept && <span className={styles.note}>{t('connections.unsaved')}</span>}
          <Button variant="default" disabled={draft === kept} onClick={() => change(kept)}>
            {t('connections.discard')}
          </Button>
          <Button loading={busy} disabled={draft === kept} onClick={() => void save()}>
            {t('common.save')}
          </Button>
        </div>
      )}
    </Stacked>
  )
}
