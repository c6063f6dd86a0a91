import { useQuery } from '@tanstack/react-query'
import { causesQuery } from '../../api/quality.ts'
import type { QualityCause } from '../../api/types.ts'
import { Panel } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { digits } from './digits.ts'
import styles from './quality.module.css'

/** What drives the result, most important first. */
export function CausesView({ service }: { service: string }) {
  const causes = useQuery(causesQuery(service))
  const columns = useColumns()
  return (
    <Loaded query={causes}>
      {({ items, sentence }) => (
        <Panel title={t('parts.causes')}>
          <p className={styles.sentence}>{sentence}</p>
          <DataTable
            label={t('parts.causes')}
            name="causes"
            columns={columns}
            rows={items}
            rowKey={({ name }) => name}
            empty={<EmptyState>{t('parts.noCauses')}</EmptyState>}
          />
          <p className={styles.help}>{t('parts.causesHelp')}</p>
        </Panel>
      )}
    </Loaded>
  )
}

function useColumns(): readonly Column<QualityCause>[] {
  const format = useFormat()
  const number = (value: number | null) => (value === null ? t('common.none') : digits(value, format.locale))
  return [
    {
      key: 'name',
      title: t('parts.cause'),
      cell: ({ name }) => name,
      sort: ({ name }) => name,
      text: ({ name }) => name,
      width: 'minmax(180px, 2fr)',
      phone: 'title',
    },
    {
      key: 'share',
      title: t('parts.causeShare'),
      cell: ({ share }) => (
        <>
          <span className={styles.bar} style={{ width: `${Math.round(share * 160)}px` }} aria-hidden />
          {format.percent(Math.round(share * 100) / 100)}
        </>
      ),
      sort: ({ share }) => share,
      text: ({ share }) => share,
      width: 'minmax(120px, 1fr)',
    },
    {
      key: 'good',
      title: t('parts.causeGood'),
      cell: ({ good }) => number(good),
      text: ({ good }) => good,
      width: '110px',
      align: 'end',
    },
    {
      key: 'bad',
      title: t('parts.causeBad'),
      cell: ({ bad }) => number(bad),
      text: ({ bad }) => bad,
      width: '110px',
      align: 'end',
    },
    {
      key: 'confirmed',
      title: t('parts.causeState'),
      cell: ({ confirmed }) => t(confirmed ? 'parts.confirmed' : 'parts.jointly'),
      sort: ({ confirmed }) => (confirmed ? 1 : 0),
      text: ({ confirmed }) => String(confirmed),
      width: 'minmax(150px, 1fr)',
    },
  ]
}
