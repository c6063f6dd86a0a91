import { Group, Select, TextInput } from '@mantine/core'
import { parseSpan } from '../../charts/time-range.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { LASTS, OWN, type SpanDraft, USUAL } from './span-draft.ts'

interface SpanFieldsProps {
  label: string
  draft: SpanDraft
  onChange: (draft: SpanDraft) => void
  /** Whether one may leave it to the kind. */
  usual?: boolean
}

/** From when to when. */
export function SpanFields({ label, draft, onChange, usual = true }: SpanFieldsProps) {
  const format = useFormat()
  const data = [
    ...(usual ? [{ value: USUAL, label: t('models.spanUsual') }] : []),
    ...LASTS.map((value) => ({ value, label: t('chart.last', { span: format.duration(parseSpan(value)!) }) })),
    { value: OWN, label: t('models.spanOwn') },
  ]
  const moment = (name: 'from' | 'to', title: string) => (
    <TextInput
      type="datetime-local"
      step={1}
      label={title}
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
    />
  )
  return (
    <Group align="end" gap="sm">
      <Select
        label={label}
        data={data}
        value={draft.choice}
        allowDeselect={false}
        onChange={(choice) => onChange({ ...draft, choice: choice ?? USUAL })}
      />
      {draft.choice === OWN && moment('from', t('common.from'))}
      {draft.choice === OWN && moment('to', t('common.to'))}
    </Group>
  )
}
