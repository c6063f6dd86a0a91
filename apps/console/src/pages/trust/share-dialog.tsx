import { Select, TagsInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { signalsQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { useSession } from '../../api/session.ts'
import { tenantsQuery } from '../../api/trust.ts'
import { fromLocalInput } from '../../charts/local-input.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'

/** Shows a partner a node, all of it or some signals, for a purpose and a time. */
export function ShareDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const format = useFormat()
  const { tenant } = useSession()
  const tenants = useQuery(tenantsQuery)
  const [partner, setPartner] = useState('')
  const [node, setNode] = useState<string | null>(null)
  const [signals, setSignals] = useState<string[]>([])
  const [purpose, setPurpose] = useState('')
  const [until, setUntil] = useState('')
  const below = useQuery({ ...signalsQuery({ under: node ?? '' }), enabled: node !== null })
  const others = (tenants.data ?? []).filter((one) => one.id !== tenant.id)
  const end = until === '' ? null : fromLocalInput(`${until}T23:59:59`, format.timeZone)
  const save = async () => {
    if (node === null || end === undefined) return
    const made = await api.createShare({ body: { partner: partner.trim(), node, signals, purpose, until: end } })
    await queries.invalidateQueries({ queryKey: ['shares'] })
    tell(t('trust.shared', { partner: made.partnerName }), { target: made.id })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t('trust.addShare')}
      action={t('trust.addShare')}
      ready={partner.trim() !== '' && node !== null && end !== undefined}
      onSubmit={save}
    >
      {others.length > 0 ? (
        <Select
          label={t('trust.partner')}
          data={others.map((one) => ({ value: one.id, label: one.name }))}
          value={partner || null}
          onChange={(value) => setPartner(value ?? '')}
          searchable
          required
          data-autofocus
        />
      ) : (
        <TextInput
          label={t('trust.partnerId')}
          value={partner}
          onChange={(event) => setPartner(event.target.value)}
          required
          data-autofocus
        />
      )}
      <NodePicker label={t('trust.shareNode')} value={node} onChange={setNode} required />
      <TagsInput
        label={t('trust.shareSignals')}
        description={t('trust.shareSignalsHelp')}
        data={[...new Set((below.data ?? []).map((signal) => signal.name))]}
        value={signals}
        onChange={setSignals}
        clearable
      />
      <TextInput
        label={t('trust.purpose')}
        value={purpose}
        onChange={(event) => setPurpose(event.target.value)}
        maxLength={4000}
      />
      <TextInput
        type="date"
        label={t('trust.until')}
        description={t('trust.untilHelp')}
        value={until}
        onChange={(event) => setUntil(event.target.value)}
      />
    </FormDialog>
  )
}
