import { MillwrightError } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import type { AddressSpace, ISessionContext, UAMethod, UAObject } from 'node-opcua-address-space'
import { coerceNodeId } from 'node-opcua-nodeid'
import { type StatusCode, StatusCodes } from 'node-opcua-status-code'
import { PermissionType } from 'node-opcua-types'
import type { Variant } from 'node-opcua-variant'
import type { AlarmsPort, WatchedAlarm } from '../ports.ts'
import type { Access } from './access.ts'
import { versionOf } from './conditions.ts'

export interface MethodsOptions {
  readonly addressSpace: AddressSpace
  readonly access: Access
  readonly alarms: AlarmsPort
  readonly alarm: (id: string) => WatchedAlarm | undefined
}

interface Call {
  readonly actor: Actor
  readonly watched: WatchedAlarm
  readonly args: readonly Variant[]
}

/** The methods of conditions by the numbers of their NodeIds in the standard. */
const METHODS = {
  addComment: 9029,
  acknowledge: 9111,
  confirm: 9113,
  timedShelve: 2949,
  oneShotShelve: 2948,
  unshelve: 2947,
} as const

/** Answers to alarms: the platform decides what the person may do and what the alarm's state allows. */
export function bindMethods(options: MethodsOptions): void {
  const { alarms } = options
  const bind = (name: keyof typeof METHODS, answer: (call: Call) => Promise<StatusCode>) => {
    const method = options.addressSpace.findNode(coerceNodeId(`i=${METHODS[name]}`)) as UAMethod | null
    method?.bindMethod(async (args: Variant[], context: ISessionContext) => ({
      statusCode: await answered(options, args, context, answer),
    }))
  }
  /** EventId and comment, as Acknowledge, Confirm and AddComment have them. */
  const atEvent =
    (work: (call: Call, comment: string) => Promise<void>) =>
    async (call: Call): Promise<StatusCode> => {
      const version = versionOf(call.args[0]?.value as Buffer | null, call.watched.alarm)
      if (version === undefined) return StatusCodes.BadEventIdUnknown
      await work(call, commentOf(call.args[1]))
      return StatusCodes.Good
    }

  bind(
    'acknowledge',
    atEvent(({ actor, watched }, comment) => alarms.acknowledge(actor, watched.alarm.id, comment || undefined)),
  )
  bind(
    'confirm',
    atEvent(({ actor, watched }, comment) => alarms.reset(actor, watched.alarm.id, comment || undefined)),
  )
  bind(
    'addComment',
    atEvent(({ actor, watched }, comment) => alarms.comment(actor, watched.alarm.id, comment)),
  )
  bind('timedShelve', async ({ actor, watched, args }) => {
    const milliseconds = args[0]?.value as number
    if (!(milliseconds > 0)) return StatusCodes.BadShelvingTimeOutOfRange
    await alarms.shelve(actor, watched.alarm.id, Math.round(milliseconds * 1000), undefined)
    return StatusCodes.Good
  })
  bind('oneShotShelve', async ({ actor, watched }) => {
    await alarms.shelve(actor, watched.alarm.id, undefined, undefined)
    return StatusCodes.Good
  })
  bind('unshelve', async ({ actor, watched }) => {
    await alarms.unshelve(actor, watched.alarm.id, undefined)
    return StatusCodes.Good
  })
}

/** OPC UA's word for what the platform refuses, by its HTTP status. */
const REFUSALS: Readonly<Record<number, StatusCode>> = {
  401: StatusCodes.BadUserAccessDenied,
  403: StatusCodes.BadUserAccessDenied,
  404: StatusCodes.BadNodeIdUnknown,
  409: StatusCodes.BadInvalidState,
  422: StatusCodes.BadInvalidArgument,
}

async function answered(
  { access, alarm }: MethodsOptions,
  args: readonly Variant[],
  context: ISessionContext,
  answer: (call: Call) => Promise<StatusCode>,
): Promise<StatusCode> {
  const { session } = context as { session?: object }
  const object = context.object as UAObject | undefined
  const stands = object === undefined ? undefined : access.standsFor(object)
  const actor = access.visitor(session)?.actor
  // A method of a type, or of a condition that is none of ours.
  if (object === undefined || stands?.kind !== 'alarm') return StatusCodes.BadNodeIdInvalid
  const watched = alarm(stands.id)
  if (watched === undefined || actor === undefined || !access.allows(session, object, PermissionType.Browse)) {
    return StatusCodes.BadNodeIdUnknown
  }
  try {
    return await answer({ actor, watched, args })
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error
    return REFUSALS[error.status] ?? StatusCodes.BadInternalError
  }
}

function commentOf(argument: Variant | undefined): string {
  const text = (argument?.value as { text?: string | null } | null | undefined)?.text
  return typeof text === 'string' ? text.slice(0, 4000) : ''
}
