import { isRefusal } from '../errors.ts'
import type { DeviceSession } from '../sessions/model.ts'
import type { DeadLetters } from './model.ts'

/**
 * Does what a device's message asks for. When the message is refused, its dead letter is durable before the error goes on.
 * For messages that are not telemetry (intake does so itself).
 */
export async function refusing<T>(
  deadLetters: DeadLetters,
  session: DeviceSession,
  payload: Uint8Array,
  source: string,
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isRefusal(error)) {
      const { tenant, device } = session
      await deadLetters.record({ tenant, device, source, code: error.code, reason: error.message, payload })
    }
    throw error
  }
}
