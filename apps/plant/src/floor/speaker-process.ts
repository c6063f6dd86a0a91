/** A process of its own for one controller that speaks a protocol of the shop floor. It knows no physics. */

import type { Configuration } from '../core/machine.ts'
import { Calls } from '../process/calls.ts'
import type { FromDevices, ToDevices } from '../process/messages.ts'
import type { Speaker } from './speaker.ts'
import { SPEAKERS } from './speakers.ts'

const tell = (message: FromDevices) => {
  if (process.connected) process.send!(message)
}
const calls = new Calls(tell)
let speaker: Speaker | undefined

async function speak({ protocol, ...options }: Extract<ToDevices, { kind: 'speak' }>): Promise<void> {
  const configure = (device: string, document: Configuration) =>
    calls.ask({ kind: 'configure', device, document }) as Promise<Configuration>
  const begin = async (port: number) => {
    const made = await SPEAKERS[protocol]({ ...options, port, configure })
    const listening = await made.start()
    speaker = made
    tell({ kind: 'listening', protocol, ...listening })
  }
  try {
    await begin(options.port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' && !/EADDRINUSE/.test(String(error))) throw error
    await begin(0)
  }
}

let stopping = false
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await speaker?.stop()
  process.exit(0)
}

process.on('message', (message: ToDevices) => {
  if (message.kind === 'speak') void speak(message)
  else if (message.kind === 'readings') speaker?.show(message.device, message.messages)
  else if (message.kind === 'receivers') speaker?.sendTo?.(message.receivers)
  else if (message.kind === 'answer') calls.answer(message)
  else if (message.kind === 'stop') void stop()
})
process.on('disconnect', () => void stop())
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
