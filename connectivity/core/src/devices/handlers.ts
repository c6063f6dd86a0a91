import type { deviceOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import type { Commands } from '../commands/model.ts'
import type { DeadLetters } from '../dead-letters/model.ts'
import type { Messages } from '../messages/model.ts'
import type { Twins } from '../twins/model.ts'
import type { DeviceService } from './service.ts'

export interface HandledServices {
  readonly devices: DeviceService
  readonly messages: Messages
  readonly deadLetters: DeadLetters
  readonly commands: Commands
  readonly twins: Twins
}

type Operations = Pick<
  typeof deviceOperations,
  | 'listDevices'
  | 'createDevice'
  | 'getDevice'
  | 'updateDevice'
  | 'deleteDevice'
  | 'listDeviceMessages'
  | 'listDeadLetters'
  | 'sendCommand'
  | 'listCommands'
  | 'getCommand'
  | 'cancelCommand'
  | 'getTwin'
  | 'patchDesired'
>

/** The device operations that are connectivity's; enrolment is trust's. */
export const deviceHandlers = ({
  devices,
  messages,
  deadLetters,
  commands,
  twins,
}: HandledServices): Handlers<Operations> => ({
  listDevices: ({ actor, query }) => devices.list(actor, query),
  createDevice: ({ actor, body }) => devices.create(actor, body),
  getDevice: ({ actor, params }) => devices.get(actor, params.id),
  updateDevice: ({ actor, params, body, ifMatch }) => devices.update(actor, params.id, body, ifMatch),
  async deleteDevice({ actor, params }) {
    await devices.remove(actor, params.id)
    return undefined
  },
  async listDeviceMessages({ actor, params }) {
    await devices.seen(actor, params.id, 'device:read')
    return { items: messages.of(params.id) }
  },
  listDeadLetters: ({ actor, query }) => deadLetters.list(actor, query),
  sendCommand: ({ actor, params, body }) => commands.send(actor, params.id, body),
  listCommands: ({ actor, params, query }) => commands.list(actor, params.id, query),
  getCommand: ({ actor, params }) => commands.get(actor, params.id),
  cancelCommand: ({ actor, params }) => commands.cancel(actor, params.id),
  getTwin: ({ actor, params }) => twins.get(actor, params.id),
  patchDesired: ({ actor, params, body, ifMatch }) => twins.patchDesired(actor, params.id, body, ifMatch),
})
