import { Alert, Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { agentsQuery } from '../../api/connections.ts'
import { useCan } from '../../api/session.ts'
import { DESCRIPTION_BELOW } from '../../components/field-order.ts'
import { IconHierarchy2 } from '../../components/icons.ts'
import { NodePicker } from '../../components/node-picker.tsx'
import { Panel } from '../../components/page.tsx'
import { SchemaForm } from '../../components/schema-form/schema-form.tsx'
import { t } from '../../messages/index.tsx'
import { BrowseDrawer } from './browse-drawer.tsx'
import styles from './connections.module.css'
import { type Draft, schemaOf, suggestedName } from './draft.ts'
import { ImportButtons, type Imported } from './import-buttons.tsx'

interface SettingsFormProps {
  draft: Draft
  onChange: (draft: Draft) => void
  /** What the platform found wrong with one field. */
  refused: { readonly pointer: string; readonly sentence: string } | undefined
  onRefused: (error: unknown) => void
  /** Says also what is missing. */
  strict: boolean
  readOnly?: boolean
}

const PLATFORM = 'platform'

/** Where it runs, what it is called, and the adapter's own settings. */
export function SettingsForm({ draft, onChange, refused, onRefused, strict, readOnly = false }: SettingsFormProps) {
  const can = useCan()
  const agents = useQuery({ ...agentsQuery, enabled: can('device:read') })
  const [browsing, setBrowsing] = useState(false)
  const [imported, setImported] = useState<Imported>()
  const { adapter } = draft
  const [platform, edge] = [adapter.runsOn.includes('platform'), adapter.runsOn.includes('edge')]
  const places = [
    ...(platform ? [{ value: PLATFORM, label: t('connections.platform') }] : []),
    ...(edge ? (agents.data ?? []) : []).map(({ device, name, online }) => ({
      value: device,
      label: online ? name : t('connections.agentOffline', { name }),
    })),
  ]
  const whereHelp = !edge
    ? t('connections.runsInOnly')
    : !platform && places.length === 0
      ? t('connections.runsInEdge')
      : t('connections.runsInHelp')
  return (
    <>
      <Panel title={t('connections.general')}>
        <div className={styles.general}>
          <TextInput
            label={t('connections.name')}
            description={t('connections.nameHelp')}
            placeholder={suggestedName(draft)}
            value={draft.name}
            onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
            maxLength={120}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
          />
          <Select
            label={t('connections.runsIn')}
            description={whereHelp}
            data={places}
            value={draft.agent ?? (platform ? PLATFORM : null)}
            onChange={(value) => onChange({ ...draft, agent: value === PLATFORM ? null : value })}
            allowDeselect={false}
            readOnly={readOnly || places.length < 2}
            inputWrapperOrder={DESCRIPTION_BELOW}
            error={strict && !platform && draft.agent === null ? t('form.fault.missing') : undefined}
          />
          {can('asset:read') && adapter.direction !== 'sends' && (
            <NodePicker
              label={t('connections.equipment')}
              description={t('connections.equipmentHelp')}
              value={draft.equipment}
              descriptionBelow
              onChange={(equipment) => onChange({ ...draft, equipment })}
            />
          )}
        </div>
      </Panel>
      <Panel
        title={t('connections.settings', { adapter: adapter.name })}
        actions={
          !readOnly && (
            <>
              <ImportButtons draft={draft} onChange={onChange} onImported={setImported} />
              {adapter.browses && (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconHierarchy2 size={16} aria-hidden />}
                  onClick={() => setBrowsing(true)}
                >
                  {t('connections.browse')}
                </Button>
              )}
            </>
          )
        }
      >
        {imported !== undefined && (
          <Alert
            title={t('connections.imported', { file: imported.file })}
            role="status"
            color="gray"
            variant="outline"
            mb="md"
            withCloseButton
            closeButtonLabel={t('common.close')}
            onClose={() => setImported(undefined)}
          >
            <ul className={styles.notes}>
              {imported.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </Alert>
        )}
        <SchemaForm
          key={adapter.id}
          schema={schemaOf(adapter)}
          value={draft.config}
          onChange={(config) => onChange({ ...draft, config })}
          secrets={draft.secrets}
          onSecrets={(secrets) => onChange({ ...draft, secrets })}
          refused={refused}
          strict={strict}
          readOnly={readOnly}
        />
      </Panel>
      {browsing && (
        <BrowseDrawer draft={draft} onChange={onChange} onRefused={onRefused} onClose={() => setBrowsing(false)} />
      )}
    </>
  )
}
