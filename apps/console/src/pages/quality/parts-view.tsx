import { useQuery } from '@tanstack/react-query'
import { diverterQuery } from '../../api/quality.ts'
import type { JudgedPart, JudgedParts } from '../../api/types.ts'
import { When } from '../../components/marks.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { digits } from './digits.ts'
import { PartDetail } from './part-detail.tsx'
import styles from './quality.module.css'

interface Props {
  parts: JudgedParts
  signals: readonly { readonly station: string; readonly signal: string }[]
  open: string | undefined
  onOpen: (serial: string) => void
}

/** Every part with what was decided, why, and what was found later. */
export function PartsView({ parts, signals, open, onOpen }: Props) {
  const diverter = useQuery(diverterQuery(parts.service))
  const chosen = parts.items.find(({ serial }) => serial === open)
  const gate = diverter.data?.diverter
  return (
    <Stacked>
      {chosen !== undefined && <PartDetail key={chosen.serial} parts={parts} part={chosen} signals={signals} />}
      <Panel title={t('parts.parts')} flush>
        <DataTable
          label={t('parts.parts')}
          name="parts"
          columns={useColumns(parts)}
          rows={parts.items}
          rowKey={({ serial, finished }) => `${serial} ${finished}`}
          onOpen={({ serial }) => onOpen(serial)}
          open={chosen === undefined ? undefined : `${chosen.serial} ${chosen.finished}`}
          empty={<EmptyState>{t('parts.noParts')}</EmptyState>}
        />
      </Panel>
      {diverter.data !== undefined && (
        <p className={styles.help}>
          {gate === null || gate === undefined
            ? t('parts.noDiverter')
            : t('parts.diverter', { device: gate.deviceName, command: gate.command, by: gate.setBy })}
        </p>
      )}
    </Stacked>
  )
}

function useColumns({ unit, learns }: JudgedParts): readonly Column<JudgedPart>[] {
  const format = useFormat()
  const value = (number: number) => `${digits(number, format.locale)}${unit === '1' ? '' : ` ${format.unit(unit)}`}`
  const columns: Column<JudgedPart>[] = [
    {
      key: 'serial',
      title: t('parts.serial'),
      cell: ({ serial }) => serial,
      sort: ({ serial }) => serial,
      text: ({ serial }) => serial,
      width: 'minmax(110px, 1fr)',
      phone: 'title',
    },
    {
      key: 'finished',
      title: t('parts.finished'),
      cell: ({ finished }) => <When time={finished} />,
      sort: ({ finished }) => finished,
      text: ({ finished }) => new Date(finished / 1000).toISOString(),
      width: '110px',
    },
    {
      key: 'decision',
      title: t('parts.decision'),
      cell: ({ decision }) => <span className={decision === 'divert' ? styles.out : ''}>{t(`parts.${decision}`)}</span>,
      sort: ({ decision }) => decision,
      text: ({ decision }) => decision,
      width: '100px',
    },
    {
      key: 'failing',
      title: t('parts.failing'),
      cell: ({ failing }) => format.percent(Math.round(failing * 100) / 100),
      sort: ({ failing }) => failing,
      text: ({ failing }) => failing,
      width: '80px',
      align: 'end',
    },
    ...(learns === 'value'
      ? [
          {
            key: 'predicted',
            title: t('parts.predicted'),
            cell: ({ predicted }: JudgedPart) => (predicted === null ? t('common.none') : value(predicted.value)),
            sort: ({ predicted }: JudgedPart) => predicted?.value,
            text: ({ predicted }: JudgedPart) => predicted?.value,
            width: '120px',
            align: 'end' as const,
          },
        ]
      : []),
    {
      key: 'measured',
      title: t('parts.measured'),
      cell: ({ result }) =>
        result === null
          ? t('parts.notYet')
          : `${learns === 'value' ? `${value(result.value)}, ` : ''}${t(result.bad ? 'parts.bad' : 'parts.good')}`,
      sort: ({ result }) => result?.value,
      text: ({ result }) => result?.value,
      width: '170px',
      align: 'end',
    },
    {
      key: 'why',
      title: t('parts.why'),
      cell: ({ explanation }) => explanation,
      text: ({ explanation }) => explanation,
      width: 'minmax(200px, 3fr)',
      phone: 'hidden',
    },
  ]
  return columns
}
