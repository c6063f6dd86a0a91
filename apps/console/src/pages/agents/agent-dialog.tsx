import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import type { Agent } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

interface AgentDialogProps {
  opened: boolean
  onClose: () => void
  onMade: (agent: Agent) => void
}

/** Announces an edge agent; its token and command follow. */
export function AgentDialog({ opened, onClose, onMade }: AgentDialogProps) {
  const can = useCan()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [equipment, setEquipment] = useState<string | null>(null)
  const save = async () => {
    const agent = await api.createAgent({ body: { name: name.trim(), equipment } })
    await queries.invalidateQueries({ queryKey: ['agents'] })
    await queries.invalidateQueries({ queryKey: ['devices'] })
    tell(t('agents.created', { name: agent.name }), { target: agent.device })
    setName('')
    onMade(agent)
  }
  return (
    <FormDialog
      title={t('agents.add')}
      opened={opened}
      onClose={onClose}
      action={t('agents.add')}
      ready={name.trim() !== ''}
      onSubmit={save}
    >
      <p>{t('agents.addHelp')}</p>
      <TextInput
        label={t('agents.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={120}
        required
        data-autofocus
      />
      {can('asset:read') && (
        <NodePicker
          label={t('agents.equipment')}
          description={t('agents.equipmentHelp')}
          value={equipment}
          onChange={setEquipment}
        />
      )}
    </FormDialog>
  )
}
