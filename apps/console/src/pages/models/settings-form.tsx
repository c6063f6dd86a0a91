import { TextInput } from '@mantine/core'
import { DESCRIPTION_BELOW } from '../../components/field-order.ts'
import { Panel } from '../../components/page.tsx'
import { SchemaForm } from '../../components/schema-form/schema-form.tsx'
import { t } from '../../messages/index.tsx'
import { AlarmChoice } from './alarm-choice.tsx'
import styles from './models.module.css'
import { formSchema, type ServiceDraft, schemaOf } from './service-draft.ts'

interface SettingsFormProps {
  draft: ServiceDraft
  onChange: (draft: ServiceDraft) => void
  suggested: string
  refused: { readonly pointer: string; readonly sentence: string } | undefined
  strict: boolean
  readOnly?: boolean
}

const NO_SECRETS: ReadonlySet<string> = new Set()

/** What it is called, what it is told, and whether it raises alarms. */
export function SettingsForm({ draft, onChange, suggested, refused, strict, readOnly = false }: SettingsFormProps) {
  const { kind } = draft
  const schema = formSchema(kind)
  return (
    <>
      <Panel title={t('models.general')}>
        <div className={styles.short}>
          <TextInput
            label={t('models.name')}
            description={t('models.nameHelp')}
            placeholder={suggested}
            value={draft.name}
            maxLength={80}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
            onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
          />
        </div>
      </Panel>
      {Object.keys(schema.properties ?? {}).length > 0 && (
        <Panel title={t('models.settingsOf', { kind: kind.name })}>
          <SchemaForm
            key={`${kind.id} ${draft.equipment}`}
            schema={schema}
            value={draft.settings}
            onChange={(settings) => onChange({ ...draft, settings })}
            secrets={NO_SECRETS}
            refused={refused}
            strict={strict}
            readOnly={readOnly}
            equipment={draft.equipment}
          />
        </Panel>
      )}
      {kind.alarms && (
        <AlarmChoice
          alarm={draft.alarm}
          onAlarm={(alarm) => onChange({ ...draft, alarm })}
          schema={schemaOf(kind)}
          settings={draft.settings}
          onSettings={(settings) => onChange({ ...draft, settings })}
          readOnly={readOnly}
        />
      )}
    </>
  )
}
