import { Select, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Alarm } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { useAlarmActions } from './use-alarm-actions.ts'

const MINUTE = 60_000_000
const CHOICES = [15 * MINUTE, 60 * MINUTE, 4 * 60 * MINUTE, 8 * 60 * MINUTE, 24 * 60 * MINUTE]

/** Puts alarms out of the way for a time (ISA-18.2): for how long, and why. */
export function ShelveDialog({ alarms, onClose }: { alarms: readonly Alarm[]; onClose: () => void }) {
  const format = useFormat()
  const actions = useAlarmActions()
  const [duration, setDuration] = useState(60 * MINUTE)
  const [reason, setReason] = useState('')
  const first = alarms[0]
  return (
    <FormDialog
      opened={alarms.length > 0}
      onClose={onClose}
      title={
        alarms.length === 1 && first !== undefined
          ? t('alarms.shelveOne', { alarm: `${first.equipmentName}: ${first.message || first.ruleName}` })
          : t('alarms.shelveMany', { n: alarms.length })
      }
      action={t('alarms.shelve')}
      onSubmit={async () => {
        await actions.shelve(alarms, duration, reason.trim())
        setReason('')
      }}
    >
      <p>{t('alarms.shelveConsequence')}</p>
      <Select
        label={t('alarms.shelveFor')}
        data={CHOICES.map((value) => ({ value: String(value), label: format.duration(value) }))}
        value={String(duration)}
        onChange={(value) => value !== null && setDuration(Number(value))}
        allowDeselect={false}
        data-autofocus
      />
      <Textarea
        label={t('common.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={4000}
        autosize
        minRows={2}
      />
    </FormDialog>
  )
}
