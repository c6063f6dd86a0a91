import { Button, NumberInput, Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { agentQuery } from '../../api/connections.ts'
import type { Agent, AgentSettings } from '../../api/types.ts'
import { DESCRIPTION_BELOW } from '../../components/field-order.ts'
import { Panel } from '../../components/page.tsx'
import { ErrorState } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import styles from './agents.module.css'

const GIGABYTE = 1e9
const SECOND = 1_000_000
const BACKLOG = ['oldest-first', 'newest-first'] as const
const WHEN_FULL = ['drop-oldest', 'refuse-new'] as const

/** How the agent keeps readings while the line is down, and when it takes a change back. */
export function AgentSettingsForm({ agent, readOnly }: { agent: Agent; readOnly: boolean }) {
  const queries = useQueryClient()
  const [settings, setSettings] = useState<AgentSettings>(agent.settings)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const set = (change: Partial<AgentSettings>) => setSettings({ ...settings, ...change })
  const same = JSON.stringify(settings) === JSON.stringify(agent.settings)
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const saved = await api.updateAgent({
        params: { id: agent.device },
        body: { settings },
        ifMatch: agent.version,
      })
      queries.setQueryData(agentQuery(agent.device).queryKey, saved)
      await queries.invalidateQueries({ queryKey: ['agents'] })
      tell(t('agents.saved', { name: saved.name }), { target: saved.device })
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel title={t('agents.settings')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <p className={styles.note}>{t('agents.settingsHelp')}</p>
        <div className={styles.fields}>
          <NumberInput
            label={t('agents.queueBudgetField')}
            description={t('agents.queueBudgetHelp')}
            value={settings.queueBytes / GIGABYTE}
            onChange={(value) => Number(value) > 0 && set({ queueBytes: Math.round(Number(value) * GIGABYTE) })}
            min={0.02}
            max={1000}
            decimalScale={2}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
          />
          <Select
            label={t('agents.whenFull')}
            data={WHEN_FULL.map((value) => ({ value, label: t(`agents.whenFull.${value}`) }))}
            value={settings.whenFull}
            onChange={(value) => set({ whenFull: WHEN_FULL.find((one) => one === value) ?? settings.whenFull })}
            allowDeselect={false}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
          />
          <Select
            label={t('agents.backlog')}
            description={t('agents.backlogHelp')}
            data={BACKLOG.map((value) => ({ value, label: t(`agents.backlog.${value}`) }))}
            value={settings.backlog}
            onChange={(value) => set({ backlog: BACKLOG.find((one) => one === value) ?? settings.backlog })}
            allowDeselect={false}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
          />
          <NumberInput
            label={t('agents.rollbackAfter')}
            description={t('agents.rollbackHelp')}
            value={settings.rollbackAfter / SECOND}
            onChange={(value) => Number(value) > 0 && set({ rollbackAfter: Math.round(Number(value) * SECOND) })}
            min={10}
            max={86_400}
            allowDecimal={false}
            readOnly={readOnly}
            inputWrapperOrder={DESCRIPTION_BELOW}
          />
        </div>
        {error !== undefined && <ErrorState error={error} />}
        {!readOnly && (
          <div className={styles.foot}>
            <Button variant="default" disabled={same} onClick={() => setSettings(agent.settings)}>
              {t('connections.discard')}
            </Button>
            <Button type="submit" loading={busy} disabled={same}>
              {t('common.save')}
            </Button>
          </div>
        )}
      </form>
    </Panel>
  )
}
