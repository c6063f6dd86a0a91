/** A thread that trains one version, checks one model, or scores a span of the past, and ends. */
import os from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { takeKinds } from '../kinds/kinds.ts'
import type { Report, Task } from './task.ts'
import { work } from './work.ts'

// On Linux this is the calling thread's own niceness: the event loop that takes readings in goes first.
os.setPriority(0, 10)

const port = parentPort!

try {
  const { task, kinds } = workerData as { task: Task; kinds: readonly string[] }
  await takeKinds(kinds)
  await work(task, (report) => port.postMessage(report satisfies Report), port)
} catch (error) {
  port.postMessage({ type: 'failed', reason: error instanceof Error ? error.message : String(error) } satisfies Report)
}
port.close()
