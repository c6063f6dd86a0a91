import { Button, Group } from '@mantine/core'
import type { PeerCertificate } from '../../api/types.ts'
import { Facts } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './connections.module.css'

export type Decide = (certificate: PeerCertificate, accepted: boolean) => void

/** Certificates that a peer shows and nobody decided on: with what is needed to decide. */
export function CertificateList({
  certificates,
  onDecide,
}: {
  certificates: readonly PeerCertificate[]
  /** Undefined: the person may only look. */
  onDecide: Decide | undefined
}) {
  const format = useFormat()
  return (
    <div>
      <p className={styles.note}>{t('connections.certificateHelp')}</p>
      {certificates.map((one) => (
        <div key={one.fingerprint} className={styles.certificate}>
          <Facts
            items={[
              [t('connections.certificateSubject'), one.subject],
              [t('connections.certificateIssuer'), one.issuer],
              [t('connections.certificateFrom'), format.dateTime(one.notBefore)],
              [t('connections.certificateUntil'), format.dateTime(one.notAfter)],
              [t('connections.certificateWhy'), one.reason],
            ]}
          />
          <div>
            <span className={styles.note}>{t('connections.certificateFingerprint')}</span>
            <p className={styles.fingerprint}>{inPairs(one.fingerprint)}</p>
          </div>
          {onDecide !== undefined && (
            <Group gap="xs">
              <Button
                size="xs"
                aria-label={t('connections.acceptOf', { subject: one.subject })}
                onClick={() => onDecide(one, true)}
              >
                {t('connections.accept')}
              </Button>
              <Button
                size="xs"
                variant="default"
                aria-label={t('connections.rejectOf', { subject: one.subject })}
                onClick={() => onDecide(one, false)}
              >
                {t('connections.reject')}
              </Button>
            </Group>
          )}
        </div>
      ))}
    </div>
  )
}

/** As other tools show fingerprints, to compare them by eye. */
const inPairs = (hex: string): string => hex.replaceAll(':', '').toUpperCase().match(/../g)?.join(':') ?? hex
