import { Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { infoQuery } from '../../api/platform.ts'
import { CopyField } from '../../components/copy-field.tsx'
import { download } from '../../components/download.ts'
import { IconDownload } from '../../components/icons.ts'
import { Page, Panel } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { CertificateTable } from './certificate-table.tsx'
import { TrustNav } from './nav.tsx'

const route = getRouteApi('/inside/trust/certificates')

/** The platform's authority, and the papers that devices hold from it. */
export function CertificatesPage() {
  const navigate = useNavigate()
  const { state = 'in-force' } = route.useSearch()
  const info = useQuery(infoQuery)
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
      <CertificateTable
        state={state}
        onState={(next) =>
          void navigate({
            to: '.',
            search: (held) => ({ ...held, state: next === 'in-force' ? undefined : next }),
            replace: true,
          })
        }
      />
    </Page>
  )
}
