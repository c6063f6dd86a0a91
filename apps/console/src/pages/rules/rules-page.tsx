import { Switch } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { rulesQuery } from '../../api/alarms.ts'
import { classesQuery, treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import type { Rule } from '../../api/types.ts'
import { IconPlus } from '../../components/icons.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Page } from '../../components/page.tsx'
import { PriorityMark } from '../../components/priority.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { AlarmsNav } from '../alarms/nav.tsx'
import styles from './rules.module.css'

const route = getRouteApi('/inside/alarms/rules')
const RANK = { critical: 0, high: 1, medium: 2, low: 3 }

/** The rules: what is watched, and what is not evaluated and why. */
export function RulesPage() {
  const can = useCan()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { q = '' } = route.useSearch()
  const rules = useQuery(rulesQuery)
  const classes = useQuery({ ...classesQuery, enabled: can('asset:read') })
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const names = useMemo(
    () => new Map([...(classes.data ?? []), ...(tree.data ?? [])].map((one) => [one.id, one.name])),
    [classes.data, tree.data],
  )
  const shown = (rules.data ?? []).filter((rule) =>
    `${rule.name} ${rule.condition}`.toLowerCase().includes(q.toLowerCase()),
  )
  const flip = async (rule: Rule, enabled: boolean) => {
    const changed = await api.updateRule({ params: { id: rule.id }, body: { enabled }, ifMatch: rule.version })
    await queries.invalidateQueries({ queryKey: ['rules'] })
    tell(enabled ? t('rules.switchedOn', { name: rule.name }) : t('rules.switchedOff', { name: rule.name }), {
      target: rule.id,
      undo: async () => {
        await api.updateRule({ params: { id: rule.id }, body: { enabled: !enabled }, ifMatch: changed.version })
        await queries.invalidateQueries({ queryKey: ['rules'] })
      },
    })
  }
  const faults = rules.data?.filter((rule) => rule.fault !== null).length ?? 0
  const on = rules.data?.filter((rule) => rule.enabled).length ?? 0
  const add = can('rule:write') && (
    <LinkButton to="/alarms/rules/$id" params={{ id: 'new' }} leftSection={<IconPlus size={16} aria-hidden />}>
      {t('rules.add')}
    </LinkButton>
  )
  return (
    <Page
      title={t('rules.title')}
      tabs={<AlarmsNav />}
      actions={add}
      answer={
        rules.data &&
        rules.data.length > 0 && (
          <>
            {t('rules.answer', { n: rules.data.length, on })}{' '}
            {faults > 0 && <b>{t('rules.answerFaults', { n: faults })}</b>}
          </>
        )
      }
    >
      <Loaded query={rules}>
        {(data) => (
          <DataTable
            label={t('rules.label')}
            name="rules"
            columns={columns(names, can('rule:write') ? (rule, on) => void flip(rule, on).catch(tellError) : undefined)}
            rows={shown}
            rowKey={(rule) => rule.id}
            onOpen={(rule) => void navigate({ to: '/alarms/rules/$id', params: { id: rule.id } })}
            filters={
              <SearchBox
                value={q}
                label={t('rules.search')}
                onChange={(query) =>
                  void navigate({ to: '.', search: (held) => ({ ...held, q: query || undefined }), replace: true })
                }
              />
            }
            empty={
              data.length === 0 ? (
                <EmptyState action={add}>{t('rules.empty')}</EmptyState>
              ) : (
                <EmptyState>{t('rules.emptyFiltered', { query: q })}</EmptyState>
              )
            }
          />
        )}
      </Loaded>
    </Page>
  )
}

const columns = (
  names: ReadonlyMap<string, string>,
  onFlip: ((rule: Rule, on: boolean) => void) | undefined,
): Column<Rule>[] => [
  {
    key: 'name',
    title: t('rules.name'),
    width: 'minmax(160px, 1.4fr)',
    phone: 'title',
    sort: (rule) => rule.name,
    text: (rule) => rule.name,
    cell: (rule) => (
      <Link to="/alarms/rules/$id" params={{ id: rule.id }}>
        {rule.name}
      </Link>
    ),
  },
  {
    key: 'priority',
    title: t('rules.priority'),
    width: '110px',
    sort: (rule) => RANK[rule.priority],
    text: (rule) => t(`priority.${rule.priority}`),
    cell: (rule) => <PriorityMark priority={rule.priority} />,
  },
  {
    key: 'condition',
    title: t('rules.condition'),
    width: 'minmax(200px, 2fr)',
    text: (rule) => rule.condition,
    cell: (rule) => (
      <span className={styles.condition} title={rule.condition}>
        {rule.condition}
      </span>
    ),
  },
  {
    key: 'target',
    title: t('rules.target'),
    width: 'minmax(130px, 1fr)',
    sort: (rule) => names.get(rule.equipmentClass ?? rule.equipment ?? ''),
    text: (rule) => names.get(rule.equipmentClass ?? rule.equipment ?? ''),
    cell: (rule) => names.get(rule.equipmentClass ?? rule.equipment ?? '') ?? t('common.none'),
  },
  {
    key: 'watches',
    title: t('rules.machines'),
    width: '90px',
    align: 'end',
    phone: 'hidden',
    sort: (rule) => rule.watches,
    text: (rule) => rule.watches,
    cell: (rule) => rule.watches,
  },
  {
    key: 'state',
    title: t('rules.state'),
    width: '150px',
    sort: (rule) => (rule.fault !== null ? 0 : rule.enabled ? 1 : 2),
    text: (rule) => rule.fault ?? (rule.enabled ? t('rules.on') : t('rules.off')),
    cell: (rule) =>
      rule.fault !== null ? (
        <span className={styles.fault} title={rule.fault}>
          {t('rules.fault')}
        </span>
      ) : onFlip === undefined ? (
        rule.enabled ? (
          t('rules.on')
        ) : (
          t('rules.off')
        )
      ) : (
        <Switch
          size="xs"
          checked={rule.enabled}
          onChange={(event) => onFlip(rule, event.target.checked)}
          label={rule.enabled ? t('rules.on') : t('rules.off')}
          aria-label={`${t('rules.enabled')}: ${rule.name}`}
        />
      ),
  },
]
