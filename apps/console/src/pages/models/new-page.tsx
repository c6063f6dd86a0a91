import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { serviceKindsQuery } from '../../api/services.ts'
import type { ServiceKind } from '../../api/types.ts'
import type { Span } from '../../charts/time-range.ts'
import crumbs from '../../components/crumbs.module.css'
import { Page, Stacked } from '../../components/page.tsx'
import { ErrorState, Loaded } from '../../components/states.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { DataStep } from './data-step.tsx'
import { KindStep } from './kind-step.tsx'
import styles from './models.module.css'
import { isReady, newDraft, refusedSetting, type ServiceDraft, suggestedName } from './service-draft.ts'
import { SettingsForm } from './settings-form.tsx'

const route = getRouteApi('/inside/models/new')
const STEPS = ['what', 'settings', 'data'] as const
type Step = (typeof STEPS)[number]

/** The studio: which machine and what of it, how, whether the history is enough; then it is made, and learns. */
export function NewModelPage() {
  const kinds = useQuery(serviceKindsQuery)
  return <Loaded query={kinds}>{(data) => <Studio kinds={data} />}</Loaded>
}

function Studio({ kinds }: { kinds: readonly ServiceKind[] }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const tree = useQuery(treeQuery)
  const search = route.useSearch()
  const equipment = search.equipment
  const kind = kinds.find((one) => one.id === search.kind)
  const [draft, setDraft] = useState<ServiceDraft>()
  const [strict, setStrict] = useState(false)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  // The address names machine and kind: going back and forth in the browser keeps what was typed for them.
  useEffect(() => {
    if (kind !== undefined && equipment !== undefined)
      setDraft((held) => (held?.kind === kind && held.equipment === equipment ? held : newDraft(kind, equipment)))
  }, [kind, equipment])
  const step: Step =
    kind === undefined || equipment === undefined
      ? 'what'
      : search.step === 'data' && kind.trains && draft !== undefined && isReady(draft)
        ? 'data'
        : 'settings'
  const go = (next: { kind?: string | undefined; equipment?: string | undefined; step?: 'data' | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...next }) })
  const suggested =
    kind === undefined ? '' : suggestedName(kind, tree.data?.find(({ id }) => id === equipment)?.name ?? '')
  const make = async (train: Partial<Span> | undefined) => {
    if (draft === undefined) return
    setBusy(true)
    setError(undefined)
    try {
      const made = await api.createService({
        body: {
          name: draft.name.trim() || suggested,
          kind: draft.kind.id,
          equipment: draft.equipment,
          settings: { ...draft.settings },
          alarm: draft.alarm,
        },
      })
      tell(t('models.made', { name: made.name }), { target: made.id })
      // It is made by now: what stands in the way of its training is said on its page.
      if (train !== undefined) await api.trainService({ params: { id: made.id }, body: train }).catch(tellError)
      await queries.invalidateQueries({ queryKey: ['services'] })
      await navigate({ to: '/models/$id', params: { id: made.id } })
    } catch (cause) {
      setError(cause)
      if (refusedSetting(cause) !== undefined) {
        setStrict(true)
        go({ step: undefined })
      }
    } finally {
      setBusy(false)
    }
  }
  const next = () => {
    setStrict(true)
    if (draft === undefined || !isReady(draft)) return
    if (draft.kind.trains) go({ step: 'data' })
    else void make(undefined)
  }
  const answers = {
    what: t('models.answerWhat'),
    settings: t('models.answerSettings'),
    data: t('models.answerData'),
  }
  const shown = STEPS.filter((one) => one !== 'data' || kind?.trains !== false)
  return (
    <Page
      title={kind === undefined ? t('models.newTitle') : `${t('models.newTitle')} · ${kind.name}`}
      crumbs={
        <nav aria-label={t('machines.where')} className={crumbs.crumbs}>
          <Link to="/models">{t('models.title')}</Link>
        </nav>
      }
      answer={answers[step]}
    >
      <ol className={styles.steps} aria-label={t('models.steps')}>
        {shown.map((one) => (
          <li key={one} className={styles.step} aria-current={one === step ? 'step' : undefined}>
            {t(`models.step.${one}`)}
          </li>
        ))}
      </ol>
      {step === 'what' && (
        <KindStep
          kinds={kinds}
          equipment={equipment ?? null}
          onEquipment={(node) => go({ equipment: node ?? undefined })}
          onChoose={(one) => go({ kind: one.id, step: undefined })}
        />
      )}
      {step === 'settings' && draft !== undefined && (
        <Stacked>
          <SettingsForm
            draft={draft}
            onChange={(changed) => {
              setDraft(changed)
              setError(undefined)
            }}
            suggested={suggested}
            refused={refusedSetting(error)}
            strict={strict}
          />
          {error !== undefined && <ErrorState error={error} />}
          <div className={styles.foot}>
            <Button variant="default" onClick={() => go({ kind: undefined, step: undefined })}>
              {t('connections.back')}
            </Button>
            <Button loading={busy} onClick={next}>
              {draft.kind.trains ? t('connections.next') : t('models.makeThenUpload')}
            </Button>
          </div>
        </Stacked>
      )}
      {step === 'data' && draft !== undefined && (
        <DataStep
          draft={draft}
          error={error}
          busy={busy}
          onBack={() => go({ step: undefined })}
          onMake={(train) => void make(train)}
        />
      )}
    </Page>
  )
}
