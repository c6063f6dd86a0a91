import { useQueryClient } from '@tanstack/react-query'
import { standingQuery } from '../../api/alarms.ts'
import { api } from '../../api/client.ts'
import { useSession } from '../../api/session.ts'
import type { Alarm } from '../../api/types.ts'
import { tell, tellError } from '../../components/tell.tsx'
import { needsAcknowledge, withAlarm } from '../../live/standing.ts'
import { t } from '../../messages/index.tsx'

const AT_ONCE = 6

/** What a person does to alarms. An acknowledgement shows at once, and is taken back should the API refuse it. */
export function useAlarmActions() {
  const queries = useQueryClient()
  const { user } = useSession()
  const put = (alarm: Alarm) => {
    queries.setQueryData(standingQuery.queryKey, (held: Alarm[] | undefined) => held && withAlarm(held, alarm))
    queries.setQueryData(['alarms', 'one', alarm.id], alarm)
  }
  const comment = (text: string) => (text === '' ? {} : { comment: text })

  const one = async (alarm: Alarm, text: string) => {
    put({ ...alarm, state: 'acknowledged', acknowledgedAt: Date.now() * 1000, acknowledgedBy: user.name })
    try {
      put(await api.acknowledgeAlarm({ params: { id: alarm.id }, body: comment(text) }))
    } catch (error) {
      put(alarm)
      // The state may have moved on in between: what the API has now is the truth.
      void queries.invalidateQueries({ queryKey: ['alarms'] })
      throw error
    }
  }

  const acknowledge = async (alarms: readonly Alarm[], text = '') => {
    const waiting = alarms.filter(needsAcknowledge)
    if (waiting.length === 0) return
    let done = 0
    for (let at = 0; at < waiting.length; at += AT_ONCE) {
      const results = await Promise.allSettled(waiting.slice(at, at + AT_ONCE).map((alarm) => one(alarm, text)))
      for (const result of results) {
        if (result.status === 'rejected') tellError(result.reason)
        else done++
      }
    }
    if (done > 0) tell(t('alarms.acknowledged', { n: done }), waiting.length === 1 ? { target: waiting[0]!.id } : {})
    void queries.invalidateQueries({ queryKey: ['journal'] })
  }

  const reset = async (alarm: Alarm, text = '') => {
    put(await api.resetAlarm({ params: { id: alarm.id }, body: comment(text) }))
    tell(t('alarms.resetDone'), { target: alarm.id })
    void queries.invalidateQueries({ queryKey: ['journal'] })
  }

  const write = async (alarm: Alarm, text: string) => {
    await api.commentAlarm({ params: { id: alarm.id }, body: { comment: text } })
    tell(t('alarms.commentDone'), { target: alarm.id })
    await queries.invalidateQueries({ queryKey: ['journal'] })
  }

  const unshelve = async (alarms: readonly Alarm[]) => {
    for (const alarm of alarms) put(await api.unshelveAlarm({ params: { id: alarm.id }, body: {} }))
    void queries.invalidateQueries({ queryKey: ['journal'] })
  }

  const shelve = async (alarms: readonly Alarm[], duration: number, text = '') => {
    const shelved: Alarm[] = []
    for (const alarm of alarms) {
      const done = await api.shelveAlarm({ params: { id: alarm.id }, body: { duration, ...comment(text) } })
      put(done)
      shelved.push(done)
    }
    tell(t('alarms.shelvedDone', { n: shelved.length }), {
      ...(shelved.length === 1 ? { target: shelved[0]!.id } : {}),
      undo: () => unshelve(shelved),
    })
    // What the rule raised on the same machine went along.
    void queries.invalidateQueries({ queryKey: ['alarms'] })
    void queries.invalidateQueries({ queryKey: ['journal'] })
  }

  const bringBack = async (alarm: Alarm) => {
    await unshelve([alarm])
    tell(t('alarms.unshelvedDone'), { target: alarm.id })
    void queries.invalidateQueries({ queryKey: ['alarms'] })
  }

  return { acknowledge, reset, comment: write, shelve, bringBack }
}
