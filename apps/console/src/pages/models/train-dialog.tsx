import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readinessQuery } from '../../api/services.ts'
import type { Readiness, Service } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { ReadinessView } from './readiness-view.tsx'
import { spanAsked, usualSpan } from './span-draft.ts'
import { SpanFields } from './span-fields.tsx'
import type { ServiceActions } from './use-service-actions.tsx'

interface TrainDialogProps {
  service: Service
  actions: ServiceActions
  onClose: () => void
}

/** A new version: what to learn from, and whether that is enough. */
export function TrainDialog({ service, actions, onClose }: TrainDialogProps) {
  const { timeZone } = useFormat()
  const [span, setSpan] = useState(usualSpan)
  const [now] = useState(() => Date.now() * 1000)
  const asked = spanAsked(span, now, timeZone)
  const readiness = useQuery({
    ...readinessQuery({
      kind: service.kind,
      equipment: service.equipment,
      settings: service.settings,
      ...asked,
    }),
    enabled: asked !== undefined,
  })
  return (
    <FormDialog
      title={t('models.train')}
      opened
      onClose={onClose}
      action={t('models.train')}
      ready={asked !== undefined && readiness.data !== undefined && readiness.data.level !== 'missing'}
      onSubmit={() => actions.train(asked ?? {})}
      size="xl"
    >
      <SpanFields label={t('models.learnFrom')} draft={span} onChange={setSpan} />
      {asked !== undefined && (
        <Loaded<Readiness> query={readiness} skeleton={<PanelSkeleton height={200} />}>
          {(data) => <ReadinessView readiness={data} />}
        </Loaded>
      )}
    </FormDialog>
  )
}
