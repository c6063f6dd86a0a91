import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { api } from '../../api/client.ts'
import { adaptersQuery } from '../../api/connections.ts'
import type { AdapterDescription } from '../../api/types.ts'
import crumbs from '../../components/crumbs.module.css'
import { Page, Stacked } from '../../components/page.tsx'
import { faultsOf } from '../../components/schema-form/faults.ts'
import { Loaded } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { CheckStep } from './check-step.tsx'
import styles from './connections.module.css'
import { type Draft, newDraft, refusedField, schemaOf, suggestedName } from './draft.ts'
import { ProtocolStep } from './protocol-step.tsx'
import { SettingsForm } from './settings-form.tsx'
import { Trouble } from './trouble.tsx'

const route = getRouteApi('/inside/data/connections/new')
const STEPS = ['protocol', 'settings', 'check'] as const
type Step = (typeof STEPS)[number]

/** The way to a new connection: what it speaks, its settings, a try, and only then it is saved. */
export function NewConnectionPage() {
  const adapters = useQuery(adaptersQuery)
  return <Loaded query={adapters}>{(data) => <Wizard adapters={data} />}</Loaded>
}

function Wizard({ adapters }: { adapters: readonly AdapterDescription[] }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const search = route.useSearch()
  const adapter = adapters.find((one) => one.id === search.adapter)
  const [draft, setDraft] = useState<Draft>()
  const [strict, setStrict] = useState(false)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const step: Step =
    adapter === undefined ? 'protocol' : search.step === 'check' && draft !== undefined ? 'check' : 'settings'
  const go = (next: { adapter?: string | undefined; step?: 'check' | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...next }) })
  // The address names the protocol: going back and forth in the browser keeps what was typed for it.
  useEffect(() => {
    if (adapter !== undefined && draft?.adapter.id !== adapter.id) {
      setDraft(newDraft(adapter, search.agent ?? null, search.equipment ?? null))
      setStrict(false)
      setError(undefined)
    }
  }, [adapter, draft, search.agent, search.equipment])
  const change = (next: Draft) => {
    setDraft(next)
    setError(undefined)
  }
  const toCheck = () => {
    setStrict(true)
    if (draft !== undefined && isReady(draft)) go({ step: 'check' })
  }
  const refuse = (cause: unknown) => {
    setError(cause)
    if (refusedField(cause) !== undefined) {
      setStrict(true)
      go({ step: undefined })
    }
  }
  const save = async (enabled: boolean) => {
    if (draft === undefined) return
    setBusy(true)
    try {
      const { agent, equipment, config } = draft
      const name = draft.name.trim() || suggestedName(draft)
      const made = await api.createConnection({
        body: { name, adapter: draft.adapter.id, agent, equipment, enabled, config },
      })
      await queries.invalidateQueries({ queryKey: ['connections'] })
      tell(t('connections.created', { name: made.name }), { target: made.id })
      await navigate({ to: '/data/connections/$id', params: { id: made.id } })
    } catch (cause) {
      refuse(cause)
    } finally {
      setBusy(false)
    }
  }
  const answers = {
    protocol: t('connections.answerProtocol'),
    settings: t('connections.answerSettings'),
    check: t('connections.answerCheck'),
  }
  return (
    <Page
      title={adapter === undefined ? t('connections.newTitle') : `${t('connections.newTitle')} · ${adapter.name}`}
      crumbs={
        <nav aria-label={t('machines.where')} className={crumbs.crumbs}>
          <Link to="/data/connections">{t('connections.title')}</Link>
        </nav>
      }
      answer={answers[step]}
      tabs={<Steps now={step} />}
    >
      {step === 'protocol' && (
        <ProtocolStep adapters={adapters} onChoose={(one) => go({ adapter: one.id, step: undefined })} />
      )}
      {step === 'settings' && draft !== undefined && (
        <Stacked>
          <SettingsForm
            draft={draft}
            onChange={change}
            refused={refusedField(error)}
            onRefused={refuse}
            strict={strict}
          />
          <Trouble draft={draft} strict={strict} error={error} />
          <div className={styles.foot}>
            <Button variant="default" onClick={() => go({ adapter: undefined })}>
              {t('connections.back')}
            </Button>
            <Button onClick={toCheck}>{t('connections.next')}</Button>
          </div>
        </Stacked>
      )}
      {step === 'check' && draft !== undefined && (
        <CheckStep
          draft={draft}
          onChange={change}
          onRefused={refuse}
          error={error}
          busy={busy}
          onBack={() => go({ step: undefined })}
          onSave={(enabled) => void save(enabled)}
        />
      )}
    </Page>
  )
}

const isReady = (draft: Draft): boolean =>
  faultsOf(schemaOf(draft.adapter), draft.config, draft.secrets).size === 0 &&
  (draft.agent !== null || draft.adapter.runsOn.includes('platform'))

function Steps({ now }: { now: Step }) {
  return (
    <ol className={styles.steps} aria-label={t('connections.steps')}>
      {STEPS.map((one) => (
        <li key={one} className={styles.step} aria-current={one === now ? 'step' : undefined}>
          {t(`connections.step.${one}`)}
        </li>
      ))}
    </ol>
  )
}
