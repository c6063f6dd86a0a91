import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { signalsQuery } from '../../api/assets.ts'
import { RangePicker } from '../../charts/range-picker.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { DataNav } from './nav.tsx'
import { SignalTable } from './signal-table.tsx'

const route = getRouteApi('/inside/data/signals')

/** Every signal, to find, edit and export. */
export function SignalsPage() {
  const navigate = useNavigate()
  const { q = '' } = route.useSearch()
  const signals = useQuery(signalsQuery({}))
  const shown = useMemo(() => {
    const needle = q.toLowerCase()
    return (signals.data ?? []).filter(
      (signal) =>
        needle === '' ||
        `${signal.equipmentName ?? ''} ${signal.name} ${signal.description}`.toLowerCase().includes(needle),
    )
  }, [signals.data, q])
  return (
    <Page
      title={t('data.title')}
      answer={signals.data && t('data.signalsAnswer', { n: signals.data.length })}
      tabs={<DataNav />}
      actions={<RangePicker />}
    >
      <Loaded query={signals}>
        {(data) => (
          <SignalTable
            signals={shown}
            name="signals"
            live={false}
            filters={
              <SearchBox
                value={q}
                label={t('data.searchSignals')}
                onChange={(query) =>
                  void navigate({ to: '.', search: (held) => ({ ...held, q: query || undefined }), replace: true })
                }
              />
            }
            empty={
              <EmptyState>
                {data.length === 0 ? t('data.signalsEmpty') : t('data.signalsNotFound', { query: q })}
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </Page>
  )
}
