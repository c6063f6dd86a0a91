import { Button, Select, Switch } from '@mantine/core'
import { PRIORITIES } from '@millwright/contracts/lists'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { standingOrShelvedQuery, standingQuery } from '../../api/alarms.ts'
import { treeQuery } from '../../api/assets.ts'
import { useCan } from '../../api/session.ts'
import type { Alarm, Priority } from '../../api/types.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { DataTable } from '../../components/table.tsx'
import { byUrgency, isShelved, needsAcknowledge } from '../../live/standing.ts'
import { Say, t } from '../../messages/index.tsx'
import { AlarmDrawer } from './alarm-drawer.tsx'
import styles from './alarms.module.css'
import { alarmColumns } from './columns.tsx'
import { AlarmsNav } from './nav.tsx'
import { ShelveDialog } from './shelve-dialog.tsx'
import { useAlarmActions } from './use-alarm-actions.ts'

const route = getRouteApi('/inside/alarms')

/** The alarms that stand, worst first, live. */
export function ActivePage() {
  const all = useQuery(standingOrShelvedQuery)
  const alarms = useQuery(standingQuery)
  const waiting = alarms.data?.filter(needsAcknowledge).length ?? 0
  const shelved = all.data?.filter(isShelved).length ?? 0
  const answer =
    alarms.data &&
    (alarms.data.length === 0 ? (
      t('alarms.answerQuiet')
    ) : (
      <Say
        id="alarms.answer"
        values={{
          n: alarms.data.length,
          count: <b>{t('alarms.answerCount', { n: alarms.data.length })}</b>,
          waiting: waiting === 0 ? t('alarms.answerNoneWaiting') : <b>{t('alarms.answerWaiting', { n: waiting })}</b>,
        }}
      />
    ))
  return (
    <Page
      title={t('alarms.title')}
      tabs={<AlarmsNav />}
      answer={shelved === 0 ? answer : answer && <Say id="alarms.answerShelved" values={{ n: shelved, answer }} />}
    >
      <Loaded query={all}>{(data) => <ActiveList alarms={data} />}</Loaded>
    </Page>
  )
}

function ActiveList({ alarms }: { alarms: readonly Alarm[] }) {
  const navigate = useNavigate()
  const can = useCan()
  const search = route.useSearch()
  const tree = useQuery(treeQuery)
  const actions = useAlarmActions()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [shelving, setShelving] = useState<readonly Alarm[]>([])
  const mayAcknowledge = can('alarm:acknowledge')
  const shelved = alarms.filter(isShelved).length
  const shown = useMemo(() => {
    const below =
      search.under === undefined
        ? undefined
        : new Set(tree.data?.filter((node) => node.path.includes(search.under!)).map((node) => node.id))
    return alarms
      .filter(
        (alarm) =>
          (search.priority === undefined || alarm.priority === search.priority) &&
          (search.show === 'shelved') === isShelved(alarm) &&
          (search.show !== 'waiting' || needsAcknowledge(alarm)) &&
          (below === undefined || below.has(alarm.equipment)),
      )
      .sort(byUrgency)
  }, [alarms, search.priority, search.show, search.under, tree.data])
  const chosen = shown.filter((alarm) => selected.has(alarm.id))
  const waiting = chosen.filter(needsAcknowledge)
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  const acknowledge = (list: readonly Alarm[]) => {
    setSelected(new Set())
    void actions.acknowledge(list)
  }
  const filtered = search.priority !== undefined || search.show !== undefined || search.under !== undefined
  return (
    <>
      <DataTable
        label={t('alarms.label')}
        name="alarms"
        columns={alarmColumns(mayAcknowledge ? (alarm) => acknowledge([alarm]) : undefined)}
        rows={shown}
        rowKey={(alarm) => alarm.id}
        onOpen={(alarm) => set({ open: alarm.id })}
        open={search.open}
        {...(mayAcknowledge
          ? {
              selected,
              onSelect: setSelected,
              keys: {
                a: (alarm: Alarm) => acknowledge(chosen.length > 0 ? chosen : [alarm]),
                s: (alarm: Alarm) =>
                  setShelving((chosen.length > 0 ? chosen : [alarm]).filter((one) => !isShelved(one))),
              },
            }
          : {})}
        filters={
          chosen.length > 0 ? (
            <div className={styles.bulk}>
              {t('alarms.selected', { n: chosen.length })}
              <Button size="xs" disabled={waiting.length === 0} onClick={() => acknowledge(chosen)}>
                {t('alarms.acknowledgeMany', { n: waiting.length })}
              </Button>
              {search.show !== 'shelved' && (
                <Button size="xs" variant="default" onClick={() => setShelving(chosen)}>
                  {t('alarms.shelve')}
                </Button>
              )}
              <Button size="xs" variant="default" onClick={() => setSelected(new Set())}>
                {t('common.cancel')}
              </Button>
            </div>
          ) : (
            <>
              <Select
                size="xs"
                w={130}
                aria-label={t('alarms.filterPriority')}
                placeholder={t('alarms.filterPriority')}
                data={PRIORITIES.map((priority) => ({ value: priority, label: t(`priority.${priority}`) }))}
                value={search.priority ?? null}
                onChange={(value) => set({ priority: (value as Priority | null) ?? undefined })}
                clearable
              />
              <NodePicker
                size="xs"
                width={240}
                hideLabel
                label={t('alarms.filterUnder')}
                placeholder={t('alarms.filterUnder')}
                value={search.under ?? null}
                onChange={(value) => set({ under: value ?? undefined })}
              />
              <Switch
                size="xs"
                label={t('alarms.filterWaiting')}
                checked={search.show === 'waiting'}
                onChange={(event) => set({ show: event.target.checked ? 'waiting' : undefined })}
              />
              {(shelved > 0 || search.show === 'shelved') && (
                <Switch
                  size="xs"
                  label={t('alarms.filterShelved', { n: shelved })}
                  checked={search.show === 'shelved'}
                  onChange={(event) => set({ show: event.target.checked ? 'shelved' : undefined })}
                />
              )}
              {mayAcknowledge && <span className={styles.hint}>{t('alarms.keys')}</span>}
            </>
          )
        }
        empty={
          filtered ? (
            <EmptyState
              action={
                <Button
                  variant="default"
                  onClick={() => set({ priority: undefined, show: undefined, under: undefined })}
                >
                  {t('alarms.clearFilter')}
                </Button>
              }
            >
              {search.show === 'shelved' ? t('alarms.emptyShelved') : t('alarms.emptyFiltered')}
            </EmptyState>
          ) : (
            <EmptyState
              action={
                can('rule:read') && (
                  <LinkButton variant="default" to="/alarms/rules">
                    {t('alarms.toRules')}
                  </LinkButton>
                )
              }
            >
              {t('alarms.empty')}
            </EmptyState>
          )
        }
      />
      <ShelveDialog
        alarms={shelving}
        onClose={() => {
          setShelving([])
          setSelected(new Set())
        }}
      />
      <AlarmDrawer id={search.open} onClose={() => set({ open: undefined })} />
    </>
  )
}
