import type { Certificate } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'

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

export const certificateWords = (certificate: Certificate, state: CertificateState): string =>
  state === 'revoked'
    ? t('fleet.certificate.revoked', { reason: certificate.revocationReason ?? '' })
    : t(`fleet.certificate.${state}`)
