import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { devicesQuery } from '../../api/devices.ts'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { t } from '../../messages/index.tsx'
import { DeadLetterTable } from './dead-letter-table.tsx'
import { DataNav } from './nav.tsx'

const route = getRouteApi('/inside/data/dead-letters')

export function DeadLettersPage() {
  const navigate = useNavigate()
  const { device, code } = route.useSearch()
  const devices = useQuery(devicesQuery())
  const set = (change: { device?: string | undefined; code?: string | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  return (
    <Page title={t('data.title')} answer={t('data.deadAnswer')} tabs={<DataNav />}>
      <DeadLetterTable
        filter={{ device, code }}
        filters={
          <>
            <Select
              size="xs"
              w={220}
              aria-label={t('data.filterDevice')}
              placeholder={t('data.filterDevice')}
              data={(devices.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
              value={device ?? null}
              onChange={(value) => set({ device: value ?? undefined })}
              searchable
              clearable
              limit={100}
            />
            <SearchBox
              value={code ?? ''}
              onChange={(value) => set({ code: value || undefined })}
              label={t('data.filterCode')}
              width={160}
            />
          </>
        }
      />
    </Page>
  )
}
