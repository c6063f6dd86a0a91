/** The thread that scores live: all services, one after the other. */
import os from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromScorer, ToScorer } from './protocol.ts'
import { Slots } from './slots.ts'

// Readings are taken in first, then scored.
os.setPriority(0, 5)

const port = parentPort!
const slots = new Slots((workerData as { mark: Int32Array }).mark)

let turn: Promise<void> = Promise.resolve()
port.on('message', (message: ToScorer) => {
  turn = turn.then(async () => {
    const answer = await slots.handle(message)
    if (answer !== undefined) port.postMessage(answer satisfies FromScorer)
  })
})
