import type { ProbePorts } from '@millwright/connectivity'
import { SECOND } from '@millwright/foundation'
import type { ModbusConfig } from '../config.ts'
import { Lines } from '../lines.ts'

/** What is not answered by then is said to be so, before the person's patience (and the platform's) ends. */
const WITHIN = 12 * SECOND

/** Lines for a moment: closed when the work is done, when it takes too long, and when the person went away. */
export async function probing<T>(
  config: ModbusConfig,
  ports: ProbePorts,
  work: (lines: Lines) => Promise<T>,
): Promise<T> {
  const lines = new Lines(config.transport, {
    clock: ports.clock,
    random: Math.random,
    counters: { requests: 0, timeouts: 0, exceptions: 0, strays: 0, connects: 0 },
  })
  const close = () => void lines.close()
  ports.signal.addEventListener('abort', close)
  const timer = ports.clock.after(WITHIN, close)
  try {
    return await work(lines)
  } finally {
    timer.cancel()
    ports.signal.removeEventListener('abort', close)
    await lines.close()
  }
}
