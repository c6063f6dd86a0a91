import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { certificatesQuery } from '../../api/devices.ts'
import type { Certificate, Device } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { Panel } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './fleet.module.css'

const SOON = 14 * 86_400_000_000

export type CertificateState = 'valid' | 'soon' | 'expired' | 'revoked'

export function certificateState(
  certificate: Pick<Certificate, 'notAfter' | 'revokedAt'>,
  now: number,
): CertificateState {
  if (certificate.revokedAt !== undefined) return 'revoked'
  if (certificate.notAfter <= now) return 'expired'
  return certificate.notAfter - now < SOON ? 'soon' : 'valid'
}

/** The certificates of a device, newest first; what holds can be revoked. */
export function Certificates({ device, mayRevoke }: { device: Pick<Device, 'id' | 'name'>; mayRevoke: boolean }) {
  const format = useFormat()
  const now = useNow()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const certificates = useQuery(certificatesQuery(device.id))
  const revoke = (certificate: Certificate) =>
    confirm({
      title: t('fleet.revokeTitle', { serial: certificate.serial.slice(0, 12) }),
      consequence: t('fleet.revokeConsequence'),
      action: t('fleet.revoke'),
      danger: true,
      reason: t('common.reason'),
      run: async (reason) => {
        await api.revokeCertificate({ params: { id: device.id, serial: certificate.serial }, body: { reason } })
        await queries.invalidateQueries({ queryKey: ['devices'] })
        tell(t('fleet.revoked'), { target: device.id })
      },
    })
  return (
    <Panel title={t('fleet.certificates')} flush>
      <Loaded query={certificates} skeleton={<PanelSkeleton height={80} />}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState>{t('fleet.certificatesEmpty')}</EmptyState>
          ) : (
            <div style={{ overflowX: 'auto' }}>
              <table className={styles.diff}>
                <thead>
                  <tr>
                    <th scope="col">{t('fleet.serial')}</th>
                    <th scope="col">{t('fleet.certificateState')}</th>
                    <th scope="col">{t('fleet.validFrom')}</th>
                    <th scope="col">{t('fleet.validUntil')}</th>
                    <th scope="col">
                      <span className="mw-hidden">{t('common.actions')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((certificate) => {
                    const state = certificateState(certificate, now)
                    return (
                      <tr
                        key={certificate.serial}
                        className={state === 'revoked' || state === 'expired' ? styles.revoked : ''}
                      >
                        <th scope="row" title={certificate.fingerprint}>
                          {certificate.serial}
                        </th>
                        <td className={state === 'soon' ? styles.bad : ''}>
                          {state === 'revoked'
                            ? t('fleet.certificate.revoked', { reason: certificate.revocationReason ?? '' })
                            : t(`fleet.certificate.${state}`)}
                        </td>
                        <td>{format.date(certificate.notBefore)}</td>
                        <td>{format.date(certificate.notAfter)}</td>
                        <td style={{ textAlign: 'right' }}>
                          {mayRevoke && (state === 'valid' || state === 'soon') && (
                            <Button size="compact-sm" variant="default" onClick={() => revoke(certificate)}>
                              {t('fleet.revoke')}
                            </Button>
                          )}
                        </td>
                      </tr>
                    )
                  })}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Panel>
  )
}
