import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { curveQuery } from '../../api/quality.ts'
import type { JudgedPart, JudgedParts } from '../../api/types.ts'
import { Tag } from '../../components/marks.tsx'
import { Columns, Facts, Panel } from '../../components/page.tsx'
import { ErrorState, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CurveChart } from './curve-chart.tsx'
import { digits } from './digits.ts'
import styles from './quality.module.css'

interface Props {
  parts: JudgedParts
  part: JudgedPart
  signals: readonly { readonly station: string; readonly signal: string }[]
}

/** One part: why it was judged so, where it was when, and how its curves ran. */
export function PartDetail({ parts, part, signals }: Props) {
  const format = useFormat()
  const { serial, explanation, genealogy, predicted, result, unlike } = part
  const value = (number: number) => digits(number, format.locale)
  return (
    <Columns>
      <Panel title={t('parts.partTitle', { serial })} actions={unlike && <Tag>{t('parts.unlike')}</Tag>}>
        <p className={styles.sentence}>{explanation}</p>
        <Facts
          items={[
            [t('parts.decision'), t(`parts.${part.decision}`)],
            predicted !== null &&
              ([
                t('parts.predicted'),
                predicted.low === null || predicted.high === null
                  ? value(predicted.value)
                  : t('parts.interval', {
                      value: value(predicted.value),
                      low: value(predicted.low),
                      high: value(predicted.high),
                    }),
              ] as const),
            [
              t('parts.measured'),
              result === null
                ? t('parts.notYet')
                : `${parts.learns === 'value' ? `${value(result.value)}, ` : ''}${t(result.bad ? 'parts.bad' : 'parts.good')}`,
            ],
            ...genealogy.map(
              ({ station, from, to }) =>
                [station, t('parts.span', { from: format.time(from), to: format.time(to) })] as const,
            ),
          ]}
        />
      </Panel>
      <CurvePanel service={parts.service} part={part} signals={signals} />
    </Columns>
  )
}

function CurvePanel({ service, part, signals }: Omit<Props, 'parts'> & { service: string }) {
  const all = signals.map(({ station, signal }) => `${station} ${signal}`)
  const [chosen, setChosen] = useState(0)
  const at = signals[chosen]
  const curve = useQuery({
    ...curveQuery(service, part.serial, at?.station ?? '', at?.signal ?? '', part.finished),
    enabled: at !== undefined,
  })
  return (
    <Panel
      title={t('parts.curve')}
      actions={
        <Select
          size="xs"
          aria-label={t('parts.curve')}
          data={all.map((label, index) => ({ value: String(index), label }))}
          value={String(chosen)}
          onChange={(value) => setChosen(Number(value ?? 0))}
          allowDeselect={false}
          w={220}
        />
      }
    >
      {curve.data !== undefined ? (
        <>
          <p className={styles.sentence}>{curve.data.sentence}</p>
          <CurveChart curve={curve.data} />
          <p className={styles.help}>{t('parts.curveHelp')}</p>
        </>
      ) : curve.error !== null ? (
        <ErrorState error={curve.error} onRetry={() => void curve.refetch()} />
      ) : (
        <PanelSkeleton height={220} />
      )}
    </Panel>
  )
}
