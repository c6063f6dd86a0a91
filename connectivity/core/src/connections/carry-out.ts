import { type Clock, type Log, MillwrightError } from '@millwright/foundation'
import type { CommandReply, Commands, DeliverableCommand } from '../commands/model.ts'
import type { DeviceSession } from '../sessions/model.ts'
import { sentence, within } from './hosted.ts'

export interface CarryOutOptions {
  readonly commands: Commands
  readonly clock: Clock
  readonly log: Log
  /** The device's session as it is when the answer is there. */
  readonly session: () => DeviceSession | undefined
}

/** Carries out a command and gives its answer; one that comes too late is left: the command has timed out. */
export async function carryOut(
  command: DeliverableCommand,
  work: (signal: AbortSignal) => Promise<unknown>,
  options: CarryOutOptions,
): Promise<void> {
  const { commands, clock, log } = options
  const over = new AbortController()
  const reply = await within(clock, command.timeout, work(over.signal)).then(
    (result): CommandReply => ({ ok: true, result: result ?? null }),
    (error: unknown): CommandReply => ({ ok: false, error: sentence(error) }),
  )
  over.abort()
  const answer = (said: CommandReply): Promise<void> => {
    const session = options.session()
    return session === undefined ? Promise.resolve() : commands.reply(session, command.id, said)
  }
  try {
    await answer(reply)
  } catch (error) {
    const tooLarge = reply.ok && error instanceof MillwrightError && error.status === 400
    if (tooLarge) await answer({ ok: false, error: error.message }).catch(() => undefined)
    else log.debug({ err: error, command: command.id }, 'the answer to a command was not taken')
  }
}
