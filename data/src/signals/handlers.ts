import type { assetOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import type { SignalService } from './service.ts'

type Mine = 'listSignals' | 'createSignal' | 'getSignal' | 'updateSignal'

export const signalHandlers = (signals: SignalService): Handlers<Pick<typeof assetOperations, Mine>> => ({
  listSignals: ({ actor, query }) => signals.list(actor, query),
  createSignal: ({ actor, body }) => signals.create(actor, body),
  getSignal: ({ actor, params }) => signals.get(actor, params.id),
  updateSignal: ({ actor, params, body, ifMatch }) => signals.update(actor, params.id, body, ifMatch),
})
