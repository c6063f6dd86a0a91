import type { monitoringOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import type { AlarmService } from './service.ts'
import type { AlarmShelves } from './shelves.ts'

type Mine =
  | 'listAlarms'
  | 'getAlarm'
  | 'acknowledgeAlarm'
  | 'resetAlarm'
  | 'commentAlarm'
  | 'listJournal'
  | 'shelveAlarm'
  | 'unshelveAlarm'

export const alarmHandlers = (
  alarms: AlarmService,
  shelves: AlarmShelves,
): Handlers<Pick<typeof monitoringOperations, Mine>> => ({
  listAlarms: ({ actor, query }) => alarms.list(actor, query),
  getAlarm: ({ actor, params }) => alarms.get(actor, params.id),
  acknowledgeAlarm: ({ actor, params, body, ifMatch }) => alarms.acknowledge(actor, params.id, body, ifMatch),
  resetAlarm: ({ actor, params, body, ifMatch }) => alarms.reset(actor, params.id, body, ifMatch),
  commentAlarm: ({ actor, params, body }) => alarms.comment(actor, params.id, body.comment),
  shelveAlarm: ({ actor, params, body, ifMatch }) => shelves.shelve(actor, params.id, body, ifMatch),
  unshelveAlarm: ({ actor, params, body, ifMatch }) => shelves.unshelve(actor, params.id, body, ifMatch),
  listJournal: ({ actor, query }) => alarms.journal(actor, query),
})
