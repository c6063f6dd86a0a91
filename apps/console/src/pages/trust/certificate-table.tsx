import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type CertificateFilter, certificatesOfAllQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { ListedCertificate } from '../../api/types.ts'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { useNow } from '../../live/clock.ts'
import type { Formatter } from '../../messages/format.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { certificateState, certificateWords } from '../fleet/certificate-state.ts'
import styles from '../fleet/fleet.module.css'
import { useRevoke } from '../fleet/use-revoke.ts'

const STATES = ['in-force', 'expired', 'revoked'] as const
type State = NonNullable<CertificateFilter['state']>

/** The certificates of all devices, the one that ends first first. */
export function CertificateTable({ state, onState }: { state: State; onState: (state: State) => void }) {
  const can = useCan()
  const format = useFormat()
  const now = useNow()
  const revoke = useRevoke()
  const certificates = useInfiniteQuery(certificatesOfAllQuery({ state }))
  return (
    <Loaded query={certificates}>
      {({ pages }) => (
        <DataTable
          label={t('trust.certificatesOf')}
          name="certificates"
          columns={columns(format, now, can('device:revoke') ? revoke : undefined)}
          rows={pages.flatMap((page) => page.items)}
          rowKey={({ serial }) => serial}
          onEnd={
            certificates.hasNextPage && !certificates.isFetchingNextPage
              ? () => void certificates.fetchNextPage()
              : undefined
          }
          filters={
            <>
              <strong>{t('trust.certificatesOf')}</strong>
              <SegmentedControl
                size="xs"
                aria-label={t('fleet.certificateState')}
                data={STATES.map((value) => ({ value, label: t(`trust.certificateFilter.${value}`) }))}
                value={state}
                onChange={onState}
              />
            </>
          }
          empty={<EmptyState>{t(`trust.certificatesNone.${state}`)}</EmptyState>}
        />
      )}
    </Loaded>
  )
}

const columns = (
  format: Formatter,
  now: number,
  revoke: ((certificate: ListedCertificate) => void) | undefined,
): Column<ListedCertificate>[] => [
  {
    key: 'device',
    title: t('data.device'),
    width: 'minmax(160px, 1.4fr)',
    phone: 'title',
    sort: (one) => one.deviceName ?? '',
    text: (one) => one.deviceName ?? '',
    cell: (one) =>
      one.deviceName === null ? (
        t('trust.deviceGone')
      ) : (
        <Link to="/fleet/$id" params={{ id: one.device }}>
          {one.deviceName}
        </Link>
      ),
  },
  {
    key: 'state',
    title: t('fleet.certificateState'),
    width: 'minmax(140px, 1.2fr)',
    text: (one) => certificateWords(one, certificateState(one, now)),
    cell: (one) => {
      const state = certificateState(one, now)
      return <span className={state === 'soon' ? styles.bad : ''}>{certificateWords(one, state)}</span>
    },
  },
  {
    key: 'until',
    title: t('fleet.validUntil'),
    width: '130px',
    sort: (one) => one.notAfter,
    text: (one) => new Date(one.notAfter / 1000).toISOString(),
    cell: (one) => <span title={format.dateTime(one.notAfter)}>{format.date(one.notAfter)}</span>,
  },
  {
    key: 'from',
    title: t('fleet.validFrom'),
    width: '130px',
    phone: 'hidden',
    sort: (one) => one.notBefore,
    text: (one) => new Date(one.notBefore / 1000).toISOString(),
    cell: (one) => <span title={format.dateTime(one.notBefore)}>{format.date(one.notBefore)}</span>,
  },
  {
    key: 'serial',
    title: t('fleet.serial'),
    width: 'minmax(130px, 1fr)',
    phone: 'hidden',
    text: (one) => one.serial,
    cell: (one) => <span title={one.fingerprint}>{one.serial}</span>,
  },
  ...(revoke === undefined
    ? []
    : [
        {
          key: 'act',
          title: t('common.actions'),
          width: '110px',
          align: 'end' as const,
          cell: (one: ListedCertificate) =>
            one.revokedAt === undefined && one.notAfter > now && one.deviceName !== null ? (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${t('fleet.revoke')}: ${one.deviceName}`}
                onClick={() => revoke(one)}
              >
                {t('fleet.revoke')}
              </Button>
            ) : null,
        },
      ]),
]
