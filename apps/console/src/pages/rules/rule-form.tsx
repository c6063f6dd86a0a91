import { Checkbox, NumberInput, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { PRIORITIES } from '@millwright/contracts/lists'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { classesQuery } from '../../api/assets.ts'
import type { Priority } from '../../api/types.ts'
import { NodePicker } from '../../components/node-picker.tsx'
import { Panel } from '../../components/page.tsx'
import { PriorityShape } from '../../components/priority.tsx'
import { t } from '../../messages/index.tsx'
import type { Known } from './complete.ts'
import { ExpressionField } from './expression-field.tsx'
import type { Draft } from './rule-draft.ts'
import styles from './rules.module.css'

interface RuleFormProps {
  draft: Draft
  onChange: (draft: Draft) => void
  signals: readonly Known[]
  readOnly: boolean
}

/** The fields of a rule. */
export function RuleForm({ draft, onChange, signals, readOnly }: RuleFormProps) {
  const classes = useQuery(classesQuery)
  const [kind, setKind] = useState<'class' | 'equipment'>(draft.equipment === null ? 'class' : 'equipment')
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change })
  const target = { equipmentClass: draft.equipmentClass, equipment: draft.equipment }
  return (
    <fieldset disabled={readOnly} style={{ border: 0, margin: 0, padding: 0, minWidth: 0, display: 'contents' }}>
      <Panel title={t('rules.what')}>
        <div className={styles.form}>
          <TextInput
            label={t('rules.name')}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
            maxLength={120}
            required
          />
          <div className={styles.form} style={{ gap: 8 }}>
            <SegmentedControl
              aria-label={t('rules.onWhat')}
              value={kind}
              onChange={(value) => {
                const next = value === 'equipment' ? 'equipment' : 'class'
                setKind(next)
                set({ equipment: null, equipmentClass: null })
              }}
              data={(['class', 'equipment'] as const).map((value) => ({ value, label: t(`rules.on.${value}`) }))}
            />
            {kind === 'class' ? (
              <Select
                aria-label={t('rules.class')}
                placeholder={t('rules.class')}
                data={(classes.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
                value={draft.equipmentClass}
                onChange={(value) => set({ equipmentClass: value, equipment: null })}
                searchable
              />
            ) : (
              <NodePicker
                hideLabel
                label={t('rules.equipment')}
                placeholder={t('rules.equipment')}
                value={draft.equipment}
                onChange={(value) => set({ equipment: value, equipmentClass: null })}
                accept={onlyEquipment}
              />
            )}
          </div>
          <ExpressionField
            label={t('rules.condition')}
            description={t('rules.conditionHelp')}
            value={draft.condition}
            onChange={(condition) => set({ condition })}
            signals={signals}
            target={target}
            required
          />
          <ExpressionField
            label={t('rules.clear')}
            description={t('rules.clearHelp')}
            value={draft.clearCondition}
            onChange={(clearCondition) => set({ clearCondition })}
            signals={signals}
            target={target}
          />
          <div className={styles.pair}>
            <NumberInput
              label={t('rules.onDelay')}
              description={t('rules.onDelayHelp')}
              value={draft.onDelay}
              onChange={(value) => set({ onDelay: value })}
              min={0}
              max={86_400}
            />
            <NumberInput
              label={t('rules.offDelay')}
              description={t('rules.offDelayHelp')}
              value={draft.offDelay}
              onChange={(value) => set({ offDelay: value })}
              min={0}
              max={86_400}
            />
          </div>
        </div>
      </Panel>
      <Panel title={t('rules.alarm')}>
        <div className={styles.form}>
          <Select
            label={t('rules.priority')}
            data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
            value={draft.priority}
            onChange={(value) => value !== null && set({ priority: value as Priority })}
            leftSection={<PriorityShape priority={draft.priority} size={16} />}
            allowDeselect={false}
          />
          <TextInput
            label={t('rules.message')}
            description={t('rules.messageHelp')}
            value={draft.message}
            onChange={(event) => set({ message: event.target.value })}
            maxLength={4000}
          />
          <Textarea
            label={t('rules.response')}
            description={t('rules.responseHelp')}
            value={draft.response}
            onChange={(event) => set({ response: event.target.value })}
            maxLength={4000}
            autosize
            minRows={2}
          />
          <Checkbox
            label={t('rules.latching')}
            checked={draft.latching}
            onChange={(event) => set({ latching: event.target.checked })}
          />
          <Textarea
            label={t('rules.description')}
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
            maxLength={4000}
            autosize
            minRows={1}
          />
          <Switch
            label={t('rules.enabled')}
            checked={draft.enabled}
            onChange={(event) => set({ enabled: event.target.checked })}
          />
        </div>
      </Panel>
    </fieldset>
  )
}

const onlyEquipment = (node: { level: string }) => node.level === 'equipment'
