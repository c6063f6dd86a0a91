import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { certificatesQuery } from '../../api/devices.ts'
import type { Device } from '../../api/types.ts'
import { Panel } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { certificateState, certificateWords } from './certificate-state.ts'
import styles from './fleet.module.css'
import { useRevoke } from './use-revoke.ts'

/** The certificates of a device, newest first; what holds can be revoked. */
export function Certificates({ device, mayRevoke }: { device: Pick<Device, 'id' | 'name'>; mayRevoke: boolean }) {
  const format = useFormat()
  const now = useNow()
  const revoke = useRevoke()
  const certificates = useQuery(certificatesQuery(device.id))
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
                        <td className={state === 'soon' ? styles.bad : ''}>{certificateWords(certificate, state)}</td>
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
