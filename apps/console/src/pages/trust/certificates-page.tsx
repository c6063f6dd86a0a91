import { Button, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { devicesQuery } from '../../api/devices.ts'
import { infoQuery } from '../../api/platform.ts'
import { useCan } from '../../api/session.ts'
import { CopyField } from '../../components/copy-field.tsx'
import { download } from '../../components/download.ts'
import { IconDownload } from '../../components/icons.ts'
import { Page, Panel } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { Certificates } from '../fleet/certificates.tsx'
import { TrustNav } from './nav.tsx'

const route = getRouteApi('/inside/trust/certificates')

/** The platform's authority, and the papers that devices hold from it. */
export function CertificatesPage() {
  const can = useCan()
  const navigate = useNavigate()
  const { device: id } = route.useSearch()
  const info = useQuery(infoQuery)
  const devices = useQuery(devicesQuery())
  const device = devices.data?.find((one) => one.id === id)
  return (
    <Page title={t('trust.title')} answer={t('trust.certificatesAnswer')} tabs={<TrustNav />}>
      <Panel title={t('trust.authority')}>
        <Loaded query={info} skeleton={<PanelSkeleton height={80} />}>
          {(data) => (
            <Stack gap="md" align="flex-start">
              <p>{t('trust.authorityHelp')}</p>
              <CopyField label={t('fleet.fingerprint')} value={data.authorityFingerprint} />
              <Button
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden />}
                onClick={() => download('authority.pem', data.authority, 'application/x-pem-file')}
              >
                {t('trust.authorityDownload')}
              </Button>
            </Stack>
          )}
        </Loaded>
      </Panel>
      <Select
        label={t('trust.certificatesOf')}
        data={(devices.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
        value={id ?? null}
        onChange={(value) =>
          void navigate({ to: '.', search: (held) => ({ ...held, device: value ?? undefined }), replace: true })
        }
        searchable
        clearable
        limit={200}
        maw={360}
      />
      {device === undefined ? (
        <Panel>
          <EmptyState>{t('trust.chooseDevice')}</EmptyState>
        </Panel>
      ) : (
        <Certificates device={device} mayRevoke={can('device:revoke')} />
      )}
    </Page>
  )
}
