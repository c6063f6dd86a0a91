import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Suspense, useMemo, useState } from 'react'
import { ruleQuery } from '../../api/alarms.ts'
import { classesQuery, signalsQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import type { Rule } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import crumbs from '../../components/crumbs.module.css'
import { lazyPart } from '../../components/lazy-part.tsx'
import { Page, Panel, Stacked } from '../../components/page.tsx'
import { ErrorState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import type { Known } from './complete.ts'
import { FunctionHelp } from './function-help.tsx'
import { bodyOf, canSave, type Draft, draftOf, emptyDraft } from './rule-draft.ts'
import { RuleForm } from './rule-form.tsx'
import styles from './rules.module.css'

const DryRun = lazyPart(() => import('./dry-run.tsx').then((module) => module.DryRun))
const route = getRouteApi('/inside/alarms/rules/$id')

/** One rule: what it watches, when it raises an alarm, and what that would have meant in the past. */
export function RulePage() {
  const { id } = route.useParams()
  if (id === 'new') return <NewRule />
  return <ExistingRule key={id} id={id} />
}

function NewRule() {
  const { equipment, equipmentClass } = route.useSearch()
  return (
    <Editor
      rule={undefined}
      first={emptyDraft({ equipmentClass: equipmentClass ?? null, equipment: equipment ?? null })}
    />
  )
}

function ExistingRule({ id }: { id: string }) {
  const rule = useQuery({ ...ruleQuery(id), refetchOnWindowFocus: false })
  return (
    <Loaded query={rule} skeleton={<PanelSkeleton height={480} />}>
      {(data) => <Editor key={data.version} rule={data} first={draftOf(data)} />}
    </Loaded>
  )
}

function Editor({ rule, first }: { rule: Rule | undefined; first: Draft }) {
  const can = useCan()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const [draft, setDraft] = useState(first)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const signals = useKnownSignals(draft)
  const writes = can('rule:write')
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      if (rule === undefined) {
        const made = await api.createRule({ body: bodyOf(draft) })
        tell(t('rules.created', { name: made.name }), { target: made.id })
        await queries.invalidateQueries({ queryKey: ['rules'] })
        await navigate({ to: '/alarms/rules/$id', params: { id: made.id }, replace: true })
      } else {
        const saved = await api.updateRule({ params: { id: rule.id }, body: bodyOf(draft), ifMatch: rule.version })
        queries.setQueryData(ruleQuery(rule.id).queryKey, saved)
        await queries.invalidateQueries({ queryKey: ['rules', 'list'] })
        tell(t('rules.saved', { name: saved.name }), { target: saved.id })
      }
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const remove = (gone: Rule) =>
    confirm({
      title: t('rules.deleteTitle', { name: gone.name }),
      consequence: t('rules.deleteConsequence'),
      action: t('rules.delete'),
      danger: true,
      run: async () => {
        await api.deleteRule({ params: { id: gone.id } })
        await navigate({ to: '/alarms/rules' })
        queries.removeQueries({ queryKey: ruleQuery(gone.id).queryKey })
        await queries.invalidateQueries({ queryKey: ['rules', 'list'] })
        await queries.invalidateQueries({ queryKey: ['alarms'] })
        tell(t('rules.deleted', { name: gone.name }), { target: gone.id })
      },
    })
  const answer =
    rule === undefined
      ? t('rules.answerNew')
      : rule.fault !== null
        ? t('rules.answerFault', { reason: rule.fault })
        : rule.enabled
          ? t('rules.answerOn', { n: rule.watches })
          : t('rules.answerOff')
  return (
    <Page
      title={rule?.name ?? t('rules.newTitle')}
      answer={answer}
      crumbs={
        <nav className={crumbs.crumbs} aria-label={t('machines.where')}>
          <Link to="/alarms/rules">{t('rules.back')}</Link>
        </nav>
      }
      actions={
        writes && (
          <>
            {rule !== undefined && (
              <Button variant="default" onClick={() => remove(rule)}>
                {t('rules.delete')}
              </Button>
            )}
            <Button loading={busy} disabled={!canSave(draft)} onClick={() => void save()}>
              {t('rules.save')}
            </Button>
          </>
        )
      }
    >
      {error !== undefined && <ErrorState error={error} />}
      <div className={styles.editor}>
        <Stacked>
          <RuleForm draft={draft} onChange={setDraft} signals={signals} readOnly={!writes} />
        </Stacked>
        <Stacked>
          <Suspense fallback={<PanelSkeleton height={320} />}>
            <DryRun draft={draft} />
          </Suspense>
          <Panel title={t('rules.help')} flush>
            <FunctionHelp />
          </Panel>
        </Stacked>
      </div>
    </Page>
  )
}

/** The signals that a rule on this target can read: those of the class, or of the one machine. */
function useKnownSignals({ equipmentClass, equipment }: Draft): readonly Known[] {
  const format = useFormat()
  const classes = useQuery(classesQuery)
  const own = useQuery({ ...signalsQuery({ equipment: equipment ?? '' }), enabled: equipment !== null })
  return useMemo(() => {
    const found =
      equipment !== null ? (own.data ?? []) : (classes.data?.find((one) => one.id === equipmentClass)?.signals ?? [])
    return found.map((signal) => {
      const unit = format.unit(signal.unit)
      return {
        name: signal.name,
        detail:
          unit === '' ? t('rules.signalPlain', { kind: t(`kind.${signal.kind}`) }) : t('rules.signalOf', { unit }),
      }
    })
  }, [equipment, equipmentClass, own.data, classes.data, format])
}
