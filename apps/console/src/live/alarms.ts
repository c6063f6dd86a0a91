import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { standingQuery } from '../api/alarms.ts'
import type { Alarm } from '../api/types.ts'
import { live } from './link.ts'
import { withAlarm } from './standing.ts'

/** Keeps the list of standing alarms current from the live link, for as long as somebody is signed in. */
export function useLiveAlarms(enabled: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!enabled) return
    const end = live().alarms(({ alarm }) => {
      queries.setQueryData(standingQuery.queryKey, (held: Alarm[] | undefined) => held && withAlarm(held, alarm))
      queries.setQueryData(['alarms', 'one', alarm.id], alarm)
      void queries.invalidateQueries({ queryKey: ['journal'] })
    })
    // What happened while the link was away is in no message: read the list again.
    const watch = live().onLink((link) => {
      if (link.state === 'open') void queries.invalidateQueries({ queryKey: standingQuery.queryKey })
    })
    return () => {
      end()
      watch()
    }
  }, [enabled, queries])
}
