import { NumberInput, Select } from '@mantine/core'
import { PRIORITIES } from '@millwright/contracts/lists'
import type { Priority, ServiceAlarm } from '../../api/types.ts'
import { DESCRIPTION_BELOW } from '../../components/field-order.ts'
import { Panel } from '../../components/page.tsx'
import type { Schema, Values } from '../../components/schema-form/schema.ts'
import { withField } from '../../components/schema-form/values.ts'
import { t } from '../../messages/index.tsx'
import styles from './models.module.css'

interface AlarmChoiceProps {
  alarm: ServiceAlarm | null
  onAlarm: (alarm: ServiceAlarm | null) => void
  schema: Schema
  settings: Values
  onSettings: (settings: Values) => void
  readOnly?: boolean
}

/** The setting that says how often normal running may raise an alarm: it belongs beside the priority. */
export const BUDGET = 'alarmsPerWeek'
const NONE = 'none'
const SECOND = 1_000_000

/** Whether what it finds raises an alarm, how urgent that is, and how often it may be wrong. */
export function AlarmChoice({ alarm, onAlarm, schema, settings, onSettings, readOnly = false }: AlarmChoiceProps) {
  const budget = schema.properties?.[BUDGET]
  const held = settings[BUDGET]
  return (
    <Panel title={t('models.alarm')}>
      <div className={styles.general}>
        <Select
          label={t('models.alarmPriority')}
          description={t('models.alarmHelp')}
          data={[
            { value: NONE, label: t('models.alarmNone') },
            ...PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) })),
          ]}
          value={alarm?.priority ?? NONE}
          allowDeselect={false}
          readOnly={readOnly}
          inputWrapperOrder={DESCRIPTION_BELOW}
          onChange={(value) =>
            onAlarm(value === null || value === NONE ? null : { ...alarm, priority: value as Priority })
          }
        />
        {budget !== undefined && (
          <NumberInput
            label={t('models.budget')}
            description={t('models.budgetHelp')}
            value={typeof held === 'number' ? held : ''}
            placeholder={String(budget.default ?? '')}
            min={0}
            max={budget.maximum ?? 1000}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
            onChange={(next) => onSettings(withField(settings, BUDGET, next === '' ? undefined : Number(next)))}
          />
        )}
        {alarm !== null && (
          <NumberInput
            label={t('models.onDelay')}
            description={t('models.onDelayHelp')}
            value={(alarm.onDelay ?? 0) / SECOND}
            min={0}
            max={86_400}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
            onChange={(next) => onAlarm({ priority: alarm.priority, onDelay: Math.round(Number(next) * SECOND) })}
          />
        )}
      </div>
    </Panel>
  )
}
