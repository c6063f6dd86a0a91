import type { DeliverableCommand, DeviceSession, PolledCommands } from '@millwright/connectivity'
import type { Clock, Micros } from '@millwright/foundation'

/**
 * Waits until there is a command, or for `wait`. What is delivered until the wait ends is returned together; what comes
 * later stays queued for the next request.
 * @param most commands taken @param gone aborts when the client has hung up
 */
export async function waitForCommands(
  commands: PolledCommands,
  session: DeviceSession,
  clock: Clock,
  { wait, most, gone }: { wait: Micros; most: number; gone: AbortSignal },
): Promise<DeliverableCommand[]> {
  const taken: DeliverableCommand[] = []
  const { promise: woken, resolve: wake } = Promise.withResolvers<void>()
  let open = true
  const attached = commands.attach(session, {
    async deliver(command) {
      if (!open || taken.length >= most) throw new Error('the request for commands is answered already')
      taken.push(command)
      wake()
    },
  })
  await commands.delivered(session)
  if (taken.length === 0 && wait > 0 && !gone.aborted && !session.closed) {
    const timer = clock.after(wait, wake)
    gone.addEventListener('abort', () => wake(), { once: true })
    session.onCut(() => wake())
    await woken
    timer.cancel()
    // The first one woke us; those right behind it come along.
    await commands.delivered(session)
  }
  open = false
  attached.cancel()
  return taken
}
