import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { signalsQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import type { Priority } from '../../api/types.ts'
import { ChartGroup } from '../../charts/chart-group.tsx'
import type { AlarmMark } from '../../charts/plot-paint.ts'
import { RangePicker } from '../../charts/range-picker.tsx'
import { type Span, spanOf, zoomTo } from '../../charts/time-range.ts'
import { useRange } from '../../charts/use-range.ts'
import { IconPlayerPlay } from '../../components/icons.ts'
import { Panel } from '../../components/page.tsx'
import { EmptyState, ErrorState, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { bodyOf, canTry, type Draft } from './rule-draft.ts'
import styles from './rules.module.css'

type Answer = Awaited<ReturnType<typeof api.dryRun>>
type Run = Answer['runs'][number]

interface Tried {
  readonly draft: Draft
  readonly span: Span
  readonly answer: Answer
}

const DRAWN = 5
const UNNAMED = '–'

/** The rule on the past: when it would have fired, drawn over the data that it read. */
export function DryRun({ draft }: { draft: Draft }) {
  const [range] = useRange()
  const [tried, setTried] = useState<Tried>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const run = async () => {
    setBusy(true)
    setError(undefined)
    const { from, to } = spanOf(range, Date.now() * 1000)
    const span = { from: Math.round(from), to: Math.round(to) }
    try {
      const rule = bodyOf(draft)
      const answer = await api.dryRun({ body: { rule: { ...rule, name: rule.name || UNNAMED }, ...span } })
      setTried({ draft, span, answer })
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel
      title={t('rules.dryRun')}
      flush
      actions={
        <>
          <RangePicker />
          <Button
            size="xs"
            loading={busy}
            disabled={!canTry(draft)}
            onClick={() => void run()}
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
          >
            {t('rules.dryRunStart')}
          </Button>
        </>
      }
    >
      {error !== undefined && (
        <div className={styles.answer}>
          <ErrorState error={error} />
        </div>
      )}
      {tried !== undefined ? (
        <Result tried={tried} stale={tried.draft !== draft} />
      ) : busy ? (
        <PanelSkeleton height={240} />
      ) : (
        <EmptyState>{canTry(draft) ? t('rules.dryRunHelp') : t('rules.dryRunReady')}</EmptyState>
      )}
    </Panel>
  )
}

function Result({ tried: { draft, span, answer }, stale }: { tried: Tried; stale: boolean }) {
  const fired = answer.runs.filter((run) => run.spans.length > 0)
  const total = fired.reduce((sum, run) => sum + run.spans.length, 0)
  const drawn = [...fired, ...answer.runs.filter((run) => run.spans.length === 0)].slice(0, DRAWN)
  return (
    <>
      <p className={styles.answer} role="status">
        {total === 0
          ? t('rules.dryRunNone')
          : t('rules.dryRunSome', { n: total, machines: t('rules.watches', { n: fired.length }) })}{' '}
        {answer.truncated && t('rules.dryRunTruncated')}{' '}
        {answer.runs.length > DRAWN && t('rules.dryRunLonger', { n: DRAWN })}{' '}
        {stale && <span className={styles.stale}>{t('rules.dryRunStale')}</span>}
      </p>
      {drawn.map((run) => (
        <Machine key={run.equipment} run={run} span={span} priority={draft.priority} />
      ))}
    </>
  )
}

function Machine({ run, span, priority }: { run: Run; span: Span; priority: Priority }) {
  const format = useFormat()
  const [, setRange] = useRange()
  const signals = useQuery(signalsQuery({ equipment: run.equipment }))
  const [zoomed, setZoomed] = useState<Span>(span)
  const marks = useMemo(
    () =>
      run.spans.map(
        (one): AlarmMark => ({
          id: String(one.from),
          from: one.from,
          to: one.to ?? undefined,
          priority,
          text: one.to === null ? t('rules.standsStill') : format.duration(one.to - one.from),
        }),
      ),
    [run.spans, priority, format],
  )
  const all = signals.data ?? []
  const drawn = useMemo(
    () =>
      all.filter(
        (signal) => run.signals.includes(signal.id) && (signal.kind === 'number' || signal.kind === 'boolean'),
      ),
    [all, run.signals],
  )
  return (
    <section className={styles.run} aria-label={run.equipmentName}>
      <div className={styles.runHead}>
        <h3>{t('rules.dryRunMachine', { n: run.spans.length, machine: run.equipmentName })}</h3>
      </div>
      {drawn.length > 0 && (
        <ChartGroup
          title={run.equipmentName}
          signals={drawn}
          siblings={all}
          range={{ kind: 'fixed', ...zoomed }}
          onRange={(range) => {
            const next = spanOf(range, Date.now() * 1000)
            setZoomed(next)
            setRange(zoomTo(next.from, next.to))
          }}
          marks={marks}
          height={drawn.length > 1 ? 120 : 180}
          plain
        />
      )}
      {run.spans.length > 0 && (
        <ul className={styles.spans}>
          {run.spans.slice(0, 10).map((one) => (
            <li key={one.from}>
              {t('rules.span', {
                from: format.dateTime(one.from),
                length: one.to === null ? t('rules.standsStill') : format.duration(one.to - one.from),
              })}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
