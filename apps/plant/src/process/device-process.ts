/**
 * A process of its own with one controller's devices, as they would run beside the machines. It knows no physics: its
 * instruments' readings come from the plant, and everything else of a device is real.
 */
import { SimulatedDevice } from './device.ts'
import type { FromDevices, ToDevices } from './messages.ts'

const devices = new Map<string, SimulatedDevice>()
const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
let calls = 0

const tell = (message: FromDevices) => {
  if (process.connected) process.send!(message)
}

function start(message: Extract<ToDevices, { kind: 'start' }>): void {
  for (const entry of message.devices) {
    const device = new SimulatedDevice({
      url: message.url,
      start: entry,
      tell,
      ask(question) {
        calls += 1
        const call = calls
        const { promise, resolve, reject } = Promise.withResolvers<unknown>()
        waiting.set(call, { resolve, reject })
        tell({ ...question, call, device: entry.name })
        return promise
      },
    })
    devices.set(entry.name, device)
    void device.run()
  }
}

function answer(message: Extract<ToDevices, { kind: 'answer' }>): void {
  const asked = waiting.get(message.call)
  waiting.delete(message.call)
  if (message.error === undefined) asked?.resolve(message.result)
  else asked?.reject(new Error(message.error))
}

let stopping = false
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await Promise.all([...devices.values()].map((device) => device.stop()))
  process.exit(0)
}

process.on('message', (message: ToDevices) => {
  if (message.kind === 'start') start(message)
  else if (message.kind === 'readings') devices.get(message.device)?.send(message.messages)
  else if (message.kind === 'answer') answer(message)
  else if (message.kind === 'token') devices.get(message.device)?.give(message.token)
  else void stop()
})
// Without its plant a device has nothing to measure. Signals reach the whole group: the plant says when to stop.
process.on('disconnect', () => void stop())
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
