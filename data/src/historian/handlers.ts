import type { historyOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import type { HistoryService } from './service.ts'

export const historyHandlers = (history: HistoryService): Handlers<typeof historyOperations> => ({
  querySeries: ({ actor, body, signal }) => history.series(actor, body, signal),
  queryLatest: ({ actor, body }) => history.latest(actor, body),
  queryReadings: ({ actor, body, signal }) => history.readings(actor, body, signal),
  queryWaveforms: ({ actor, body, signal }) => history.waveforms(actor, body, signal),
  queryTable: ({ actor, body, signal }) => history.table(actor, body, signal),
  exportReadings: async ({ actor, body, signal, header }) => {
    const { name, type, bytes } = await history.export(actor, body, signal)
    header('content-type', type)
    header('content-disposition', `attachment; filename="${name}"`)
    return bytes
  },
  writeReadings: ({ actor, body }) => history.write(actor, body),
  getDataHealth: ({ actor }) => history.health(actor),
})
