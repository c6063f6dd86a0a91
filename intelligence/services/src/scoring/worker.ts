/** The thread that scores live: all services, one after the other. */
import os from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { takeKinds } from '../kinds/kinds.ts'
import type { FromScorer, ToScorer } from './protocol.ts'
import { Slots } from './slots.ts'

// Readings are taken in first, then scored.
os.setPriority(0, 5)

const port = parentPort!
const { mark, kinds } = workerData as { mark: Int32Array; kinds: readonly string[] }
const slots = new Slots(mark)

let turn = takeKinds(kinds)
port.on('message', (message: ToScorer) => {
  turn = turn.then(async () => {
    const answer = await slots.handle(message)
    if (answer !== undefined) port.postMessage(answer satisfies FromScorer)
  })
})
