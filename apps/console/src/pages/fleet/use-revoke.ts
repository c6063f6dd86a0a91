import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Certificate } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

/** Asks with the consequence and for the reason, then revokes. */
export function useRevoke(): (certificate: Certificate) => void {
  const queries = useQueryClient()
  const confirm = useConfirm()
  return ({ device, serial }) =>
    confirm({
      title: t('fleet.revokeTitle', { serial: serial.slice(0, 12) }),
      consequence: t('fleet.revokeConsequence'),
      action: t('fleet.revoke'),
      danger: true,
      reason: t('common.reason'),
      run: async (reason) => {
        await api.revokeCertificate({ params: { id: device, serial }, body: { reason } })
        await queries.invalidateQueries({ queryKey: ['devices'] })
        await queries.invalidateQueries({ queryKey: ['certificates'] })
        tell(t('fleet.revoked'), { target: device })
      },
    })
}
