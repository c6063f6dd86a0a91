import { SegmentedControl, TextInput } from '@mantine/core'
import { VERDICTS } from '@millwright/contracts/lists'
import { useState } from 'react'
import type { Service } from '../../api/types.ts'
import { toLocalInput } from '../../charts/local-input.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { OWN, type SpanDraft, spanAsked } from './span-draft.ts'
import { SpanFields } from './span-fields.tsx'
import { useFeedback, type Verdict } from './use-feedback.ts'

const HOUR = 3_600_000_000

/** Something that the service did not find, or that training must know of: a span and what it was. */
export function LabelDialog({ service, onClose }: { service: Service; onClose: () => void }) {
  const { timeZone } = useFormat()
  const { sayOfSpan } = useFeedback(service.id)
  const [now] = useState(() => Date.now() * 1000)
  const [span, setSpan] = useState<SpanDraft>(() => ({
    choice: OWN,
    from: toLocalInput(now - HOUR, timeZone),
    to: toLocalInput(now, timeZone),
  }))
  const [verdict, setVerdict] = useState<Verdict>('other')
  const [what, setWhat] = useState('')
  const asked = spanAsked(span, now, timeZone)
  const whole = asked?.from !== undefined && asked.to !== undefined ? { from: asked.from, to: asked.to } : undefined
  return (
    <FormDialog
      title={t('models.labelSpan')}
      opened
      onClose={onClose}
      action={t('common.save')}
      ready={whole !== undefined}
      onSubmit={async () => whole && sayOfSpan(whole, verdict, what.trim())}
    >
      <p>{t('models.labelSpanHelp')}</p>
      <SpanFields label={t('models.span')} draft={span} onChange={setSpan} usual={false} />
      <SegmentedControl
        aria-label={t('models.feedback')}
        value={verdict}
        onChange={(value) => setVerdict(value as Verdict)}
        data={VERDICTS.map((value) => ({ value, label: t(`models.spanVerdict.${value}`) }))}
      />
      <TextInput
        label={t('models.whatItWas')}
        placeholder={t('models.whatItWasHint')}
        value={what}
        maxLength={500}
        onChange={(event) => setWhat(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
