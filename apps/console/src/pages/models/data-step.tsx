import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { readinessQuery } from '../../api/services.ts'
import type { Readiness } from '../../api/types.ts'
import type { Span } from '../../charts/time-range.ts'
import { Panel, Stacked } from '../../components/page.tsx'
import { ErrorState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'
import { ReadinessView } from './readiness-view.tsx'
import type { ServiceDraft } from './service-draft.ts'
import { spanAsked, usualSpan } from './span-draft.ts'
import { SpanFields } from './span-fields.tsx'

interface DataStepProps {
  draft: ServiceDraft
  error: unknown
  busy: boolean
  onBack: () => void
  /** @param train what to learn from; undefined: it is only made */
  onMake: (train: Partial<Span> | undefined) => void
}

/** Whether there is enough to learn from, before anything is made. */
export function DataStep({ draft, error, busy, onBack, onMake }: DataStepProps) {
  const format = useFormat()
  const [span, setSpan] = useState(usualSpan)
  // One moment for the whole look: else each drawing would ask anew.
  const [now] = useState(() => Date.now() * 1000)
  const asked = useMemo(() => spanAsked(span, now, format.timeZone), [span, now, format.timeZone])
  const readiness = useQuery({
    ...readinessQuery({
      kind: draft.kind.id,
      equipment: draft.equipment,
      settings: { ...draft.settings },
      ...asked,
    }),
    enabled: asked !== undefined,
  })
  const refused = asked === undefined || readiness.data === undefined || readiness.data.level === 'missing'
  return (
    <Stacked>
      <Panel
        title={t('models.data')}
        actions={
          <Button size="xs" variant="default" onClick={() => void readiness.refetch()}>
            {t('models.lookAgain')}
          </Button>
        }
      >
        <Stacked>
          <SpanFields label={t('models.learnFrom')} draft={span} onChange={setSpan} />
          {asked === undefined ? (
            <p className={styles.note}>{t('models.spanUnfinished')}</p>
          ) : (
            <Loaded<Readiness> query={readiness} skeleton={<PanelSkeleton height={220} />}>
              {(data) => <ReadinessView readiness={data} />}
            </Loaded>
          )}
        </Stacked>
      </Panel>
      {error !== undefined && <ErrorState error={error} />}
      <div className={styles.foot}>
        <Button variant="default" onClick={onBack}>
          {t('connections.back')}
        </Button>
        <Button variant="default" loading={busy} onClick={() => onMake(undefined)}>
          {t('models.makeOnly')}
        </Button>
        <Button loading={busy} disabled={refused} onClick={() => onMake(asked ?? {})}>
          {t('models.makeAndTrain')}
        </Button>
      </div>
    </Stacked>
  )
}
