/** What tests of persistent sessions share. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { IClientOptions, MqttClient } from 'mqtt'
import { connectPacket } from './packets.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

interface Received {
  topic: string
  payload: string
  qos: number
  dup: boolean
}

/** Everything the client receives, as it comes. */
export function inbox(client: MqttClient): Received[] {
  const messages: Received[] = []
  client.on('message', (topic, payload, { qos, dup }) => {
    messages.push({ topic, payload: payload.toString(), qos, dup })
  })
  return messages
}

export const KEPT: IClientOptions = { clientId: 'kept', clean: false }

/** Within a test file: gives folders for stores, which go with its tests. */
export function storeFolders(): (name?: string) => string {
  let directory: string
  let stores = 0
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-mqtt-'))
  })
  after(() => rm(directory, { recursive: true, force: true }))
  return (name = `store-${stores++}`) => join(directory, name)
}

/** Whether the platform has the session `kept` of this device. */
export async function sessionPresent(world: World, identity: { key: string; cert: string }): Promise<boolean> {
  const raw = await world.raw(identity)
  raw.write(connectPacket('kept', { clean: false }))
  await until('CONNACK', () => raw.received.length >= 4)
  const before = world.platform.live('dev_a').length
  raw.socket.destroy()
  await until('gone', () => world.platform.live('dev_a').length < before)
  return raw.received[2] === 1
}
