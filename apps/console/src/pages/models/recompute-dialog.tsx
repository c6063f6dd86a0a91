import { Select } from '@mantine/core'
import { useState } from 'react'
import type { Service, ServiceVersion } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { spanAsked } from './span-draft.ts'
import { SpanFields } from './span-fields.tsx'
import type { ServiceActions } from './use-service-actions.tsx'

interface RecomputeDialogProps {
  service: Service
  versions: readonly ServiceVersion[]
  actions: ServiceActions
  onClose: () => void
}

/** Scores a stretch of the past anew, with the live version or another one. */
export function RecomputeDialog({ service, versions, actions, onClose }: RecomputeDialogProps) {
  const { timeZone } = useFormat()
  const ready = versions.filter(({ state }) => state === 'ready')
  const [number, setNumber] = useState(service.liveVersion ?? ready[0]?.number)
  const [span, setSpan] = useState({ choice: '24h', from: '', to: '' })
  const [now] = useState(() => Date.now() * 1000)
  const asked = spanAsked(span, now, timeZone)
  const whole = asked?.from !== undefined && asked.to !== undefined ? { from: asked.from, to: asked.to } : undefined
  return (
    <FormDialog
      title={t('models.recompute')}
      opened
      onClose={onClose}
      action={t('models.recompute')}
      ready={whole !== undefined && number !== undefined}
      onSubmit={async () => whole && actions.recompute({ ...whole, ...(number === undefined ? {} : { number }) })}
    >
      <p>{t('models.recomputeHelp')}</p>
      <SpanFields label={t('models.span')} draft={span} onChange={setSpan} usual={false} />
      <Select
        label={t('models.version')}
        data={ready.map((one) => ({ value: String(one.number), label: t('models.versionOf', { number: one.number }) }))}
        value={number === undefined ? null : String(number)}
        allowDeselect={false}
        onChange={(value) => setNumber(value === null ? undefined : Number(value))}
      />
    </FormDialog>
  )
}
