import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import type { SignInLink } from './link-dialog.tsx'

/** Makes a tenant with its first administrator. */
export function TenantDialog({ onClose, onLink }: { onClose: () => void; onLink: (link: SignInLink) => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [adminName, setAdminName] = useState('')
  const [adminEmail, setAdminEmail] = useState('')
  const save = async () => {
    const { tenant, link } = await api.createTenant({
      body: { name: name.trim(), adminName: adminName.trim(), adminEmail: adminEmail.trim() },
    })
    await queries.invalidateQueries({ queryKey: ['tenants'] })
    tell(t('trust.tenantMade', { name: tenant.name }), { target: tenant.id })
    onLink({ name: adminName.trim(), link, expiresAt: undefined })
  }
  const ready = name.trim() !== '' && adminName.trim() !== '' && /.+@.+/.test(adminEmail)
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t('trust.addTenant')}
      action={t('trust.addTenant')}
      ready={ready}
      onSubmit={save}
    >
      <TextInput
        label={t('trust.tenantName')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={120}
        required
        data-autofocus
      />
      <TextInput
        label={t('trust.adminName')}
        value={adminName}
        onChange={(event) => setAdminName(event.target.value)}
        maxLength={120}
        required
      />
      <TextInput
        label={t('trust.adminEmail')}
        type="email"
        value={adminEmail}
        onChange={(event) => setAdminEmail(event.target.value)}
        maxLength={254}
        required
      />
    </FormDialog>
  )
}
