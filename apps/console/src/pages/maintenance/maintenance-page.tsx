import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lifePredictionsQuery } from '../../api/life.ts'
import type { LifePrediction } from '../../api/types.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import type { Formatter } from '../../messages/format.ts'
import { Say, t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from '../life/life.module.css'
import { span } from '../life/span.ts'
import { LifeSentence, leftWords, money } from '../life/words.tsx'

const HOUR = 3_600_000_000

/** Which machine goes next, and when to stop it: every prediction of remaining life, the most urgent first. */
export function MaintenancePage() {
  const navigate = useNavigate()
  const format = useFormat()
  const predictions = useQuery(lifePredictionsQuery())
  return (
    <Page
      title={t('life.title')}
      answer={predictions.data && <Answer predictions={predictions.data} format={format} />}
    >
      <Loaded query={predictions}>
        {(data) => (
          <DataTable
            label={t('life.listLabel')}
            name="predictions"
            columns={columns(format)}
            rows={data}
            rowKey={({ service }) => service}
            onOpen={({ equipment }) =>
              void navigate({ to: '/machines/$id', params: { id: equipment }, search: { tab: 'health' } })
            }
            empty={
              <Panel>
                <EmptyState action={<LinkButton to="/machines">{t('life.toMachines')}</LinkButton>}>
                  {t('life.empty')}
                </EmptyState>
              </Panel>
            }
          />
        )}
      </Loaded>
    </Page>
  )
}

function Answer({ predictions, format }: { predictions: readonly LifePrediction[]; format: Formatter }) {
  if (predictions.length === 0) return t('life.answerNone')
  const count = (state: LifePrediction['state']) => predictions.filter((one) => one.state === state).length
  const [failed, wearing] = [count('failed'), count('wearing')]
  if (failed + wearing === 0) return t('life.answerCalm', { n: predictions.length })
  const first = (state: LifePrediction['state']) => predictions.find((one) => one.state === state)
  const [broken, next] = [first('failed'), first('wearing')]
  return (
    <>
      {broken !== undefined && (
        <Say id="life.answerFailed" values={{ n: failed, machine: <b>{broken.equipmentName}</b> }} />
      )}{' '}
      {next !== undefined && (
        <Say
          id="life.answerFirst"
          values={{
            n: wearing,
            machine: <b>{next.equipmentName}</b>,
            words: <LifeSentence prediction={next} format={format} />,
          }}
        />
      )}
    </>
  )
}

const columns = (format: Formatter): Column<LifePrediction>[] => [
  {
    key: 'machine',
    title: t('life.machine'),
    width: 'minmax(140px, 1.2fr)',
    phone: 'title',
    sort: (one) => one.equipmentName,
    text: (one) => one.equipmentName,
    cell: (one) => (
      <Link to="/machines/$id" params={{ id: one.equipment }} search={{ tab: 'health' }}>
        {one.equipmentName}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('life.state'),
    width: 'minmax(120px, 1fr)',
    text: (one) => t(`life.state.${one.state}`),
    cell: (one) => t(`life.state.${one.state}`),
  },
  {
    key: 'health',
    title: t('life.health'),
    width: 'minmax(140px, 1fr)',
    sort: (one) => one.health ?? 101,
    text: (one) => (one.health === null ? '' : format.percent(one.health / 100)),
    cell: (one) =>
      one.health !== null && (
        <>
          <span className={styles.meter} aria-hidden>
            <span style={{ width: `${Math.round(one.health)}%` }} />
          </span>
          {format.percent(Math.round(one.health) / 100)}
        </>
      ),
  },
  {
    key: 'left',
    title: t('life.left'),
    width: 'minmax(150px, 1.1fr)',
    sort: (one) => one.remaining?.hours ?? Number.MAX_VALUE,
    text: (one) => leftWords(one, format),
    cell: (one) => leftWords(one, format),
  },
  {
    key: 'probability',
    phone: 'hidden',
    title: t('life.probabilityColumn'),
    width: 'minmax(110px, 0.7fr)',
    sort: (one) => -(one.failureProbability ?? 0),
    text: (one) => probability(one, format),
    cell: (one) => probability(one, format),
  },
  {
    key: 'stop',
    phone: 'hidden',
    title: t('life.stopBy'),
    width: 'minmax(130px, 1fr)',
    sort: (one) => (one.advice?.needed === true ? one.advice.stopAt : Number.MAX_SAFE_INTEGER),
    text: (one) => stopBy(one, format),
    cell: (one) => stopBy(one, format),
  },
  {
    key: 'waiting',
    phone: 'hidden',
    title: t('life.waiting'),
    width: 'minmax(110px, 0.8fr)',
    sort: (one) => -(one.advice?.waiting ?? 0),
    text: (one) => waiting(one, format),
    cell: (one) => waiting(one, format),
  },
]

const probability = ({ failureProbability }: LifePrediction, format: Formatter): string =>
  failureProbability === null ? t('common.none') : format.percent(failureProbability)

/** On the clock; of a time-lapse how much use is left until then. */
const stopBy = ({ advice, at, acceleration }: LifePrediction, format: Formatter): string => {
  if (advice?.needed !== true || at === null) return t('common.none')
  return acceleration === 1
    ? format.when(advice.stopAt, at)
    : t('life.within', { span: span(((advice.stopAt - at) / HOUR) * acceleration, format.locale) })
}

const waiting = ({ advice }: LifePrediction, { locale }: Formatter): string =>
  advice === null ? t('common.none') : money(advice.waiting, advice.currency, locale)
