/**
 * A process of its own with one controller's devices, as they would run beside the machines. It knows no physics: its
 * instruments' readings come from the plant, and everything else of a device is real.
 */
import { Calls } from './calls.ts'
import { SimulatedDevice } from './device.ts'
import type { FromDevices, ToDevices } from './messages.ts'

const devices = new Map<string, SimulatedDevice>()

const tell = (message: FromDevices) => {
  if (process.connected) process.send!(message)
}
const calls = new Calls(tell)

function start(message: Extract<ToDevices, { kind: 'start' }>): void {
  for (const entry of message.devices) {
    const device = new SimulatedDevice({
      url: message.url,
      start: entry,
      tell,
      ask: (question) => calls.ask({ ...question, device: entry.name }),
    })
    devices.set(entry.name, device)
    void device.run()
  }
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
  else if (message.kind === 'answer') calls.answer(message)
  else if (message.kind === 'token') devices.get(message.device)?.give(message.token)
  else if (message.kind === 'stop') void stop()
})
// Without its plant a device has nothing to measure. Signals reach the whole group: the plant says when to stop.
process.on('disconnect', () => void stop())
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
