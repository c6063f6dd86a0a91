import { Button, Group } from '@mantine/core'
import type { PeerCertificate } from '../../api/types.ts'
import { Facts } from '../../components/page.tsx'
import type { Values } from '../../components/schema-form/schema.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './connections.module.css'
import { isRejected } from './draft.ts'

export type Decide = (certificate: PeerCertificate, accepted: boolean) => void

/** Certificates that a peer shows and that are not accepted: with what is needed to decide, also another time. */
export function CertificateList({
  certificates,
  config,
  onDecide,
}: {
  certificates: readonly PeerCertificate[]
  /** Of the connection: it holds what was decided before. */
  config: Values
  /** Undefined: the person may only look. */
  onDecide: Decide | undefined
}) {
  const format = useFormat()
  return (
    <div>
      {certificates.map((one) => (
        <div key={one.fingerprint} className={styles.certificate}>
          <p className={styles.note}>
            {t(isRejected(config, one) ? 'connections.certificateRejectedHelp' : 'connections.certificateHelp')}
          </p>
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
                variant={isRejected(config, one) ? 'default' : 'filled'}
                aria-label={t('connections.acceptOf', { subject: one.subject })}
                onClick={() => onDecide(one, true)}
              >
                {t('connections.accept')}
              </Button>
              {!isRejected(config, one) && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={t('connections.rejectOf', { subject: one.subject })}
                  onClick={() => onDecide(one, false)}
                >
                  {t('connections.reject')}
                </Button>
              )}
            </Group>
          )}
        </div>
      ))}
    </div>
  )
}

/** As other tools show fingerprints, to compare them by eye. */
const inPairs = (hex: string): string => hex.replaceAll(':', '').toUpperCase().match(/../g)?.join(':') ?? hex
