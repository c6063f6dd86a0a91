import { useQuery } from '@tanstack/react-query'
import { dataHealthQuery } from '../../api/history.ts'
import { When } from '../../components/marks.tsx'
import { Columns, Facts, Page, Panel } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from '../fleet/fleet.module.css'
import { DataNav } from './nav.tsx'

const CLASSES = ['short', 'standard', 'long', 'forever'] as const

/** What the historian holds, and how it does. */
export function HealthPage() {
  const format = useFormat()
  const health = useQuery(dataHealthQuery)
  const { data } = health
  const reason = data?.reason ?? t('data.noReason')
  const answer =
    data &&
    (data.state === 'ok'
      ? t('data.answerOk', { rate: format.integer(data.pointsPerSecond), points: format.compact(data.points) })
      : data.state === 'slow'
        ? t('data.answerSlow', { reason })
        : t('data.answerFailing', { reason }))
  const days = (value: number | null) => (value === null ? t('data.forever') : t('data.days', { n: value }))
  return (
    <Page title={t('data.title')} answer={answer} tabs={<DataNav />}>
      <Loaded query={health} skeleton={<PanelSkeleton height={240} />}>
        {(now) => (
          <Columns>
            <Panel title={t('data.health')}>
              <Facts
                items={[
                  [t('data.rate'), format.number(now.pointsPerSecond)],
                  [t('data.stored'), format.integer(now.points)],
                  [
                    t('data.size'),
                    `${format.bytes(now.bytes)}${now.points > 0 ? ` · ${t('data.perReading', { bytes: format.bytes(now.bytes / now.points) })}` : ''}`,
                  ],
                  [t('data.signalsKept'), format.integer(now.signals)],
                  [t('data.oldest'), <When key="oldest" time={now.oldest} />],
                  [t('data.newest'), <When key="newest" time={now.newest} />],
                ]}
              />
            </Panel>
            <Panel title={t('data.retention')} flush>
              <p style={{ padding: '12px 16px 4px' }} className={styles.muted}>
                {t('data.retentionHelp')}
              </p>
              <table className={styles.diff}>
                <thead>
                  <tr>
                    <th scope="col">{t('data.class')}</th>
                    <th scope="col">{t('data.rawDays')}</th>
                    <th scope="col">{t('data.rollupDays')}</th>
                  </tr>
                </thead>
                <tbody>
                  {now.retention.map((row) => {
                    const known = CLASSES.find((one) => one === row.class)
                    return (
                      <tr key={row.class}>
                        <td>{known === undefined ? row.class : t(`signal.retention.${known}`)}</td>
                        <td>{days(row.days)}</td>
                        <td>{days(row.rollupDays)}</td>
                      </tr>
                    )
                  })}
                </tbody>
              </table>
            </Panel>
          </Columns>
        )}
      </Loaded>
    </Page>
  )
}
