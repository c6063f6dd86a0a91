import { X509Certificate } from 'node:crypto'
import type { Client } from '@millwright/sdk'
import { connect, type DeviceClient, enrol, type Identity } from '@millwright/sdk/device'
import type { Access } from '../platform/access.ts'

/** A device made for a recording, as long as it plays. */
export interface ReplayDevice {
  readonly id: string
  readonly client: DeviceClient
  /** What the platform could not store of this device since `from` (µs): reasons in words. */
  refusals(from: number): Promise<string[]>
  /** Says good-bye and takes the certificate back: it was for this once. */
  close(): Promise<void>
}

export interface ReplayDeviceOptions {
  /** Opens the API anew: a platform that was started again while the recording played has a new local token. */
  readonly access: () => Promise<Access>
  readonly name: string
  /** Id of the equipment it stands for. */
  readonly equipment?: string | undefined
  readonly file: string
  onTrouble(reason: string): void
}

const IN_FLIGHT = 64
const QUEUED = 128

/** Finds or makes the device, enrols it for this run, and connects. Errors: ApiError or DeviceError of what was refused. */
export async function openReplayDevice(options: ReplayDeviceOptions): Promise<ReplayDevice> {
  const { client: api, url } = await options.access()
  const id = await deviceId(api, options)
  const { token } = await api.createEnrolmentToken({ params: { id }, body: {} })
  const identity = await enrol({ url, token })
  const client = connect({
    credentials: identity,
    // Beside the device itself, should it be connected.
    clientId: `replay-${process.pid}`,
    maxInFlight: IN_FLIGHT,
    maxQueued: QUEUED,
    renew: false,
  })
  client.on('disconnected', options.onTrouble)
  await client.ready()
  return {
    id,
    client,
    async refusals(from) {
      const { client: now } = await options.access()
      const { items } = await now.listDeadLetters({ query: { device: id, limit: 100 } })
      return items.filter((letter) => letter.time >= from).map((letter) => letter.reason)
    },
    async close() {
      client.off('disconnected', options.onTrouble)
      await client.close()
      await takeBack(options, id, identity)
    },
  }
}

async function deviceId(api: Client, { name, equipment, file }: ReplayDeviceOptions): Promise<string> {
  let cursor: string | undefined
  do {
    const page = await api.listDevices({
      query: { q: name, limit: 1000, ...(cursor === undefined ? {} : { cursor }) },
    })
    const found = page.items.find((device) => device.name === name)
    if (found !== undefined) return found.id
    cursor = page.next
  } while (cursor !== undefined)
  const body = { name, metadata: { source: 'replay', file }, ...(equipment === undefined ? {} : { equipment }) }
  return (await api.createDevice({ body })).id
}

async function takeBack(options: ReplayDeviceOptions, id: string, identity: Identity): Promise<void> {
  const serial = new X509Certificate(identity.certificate).serialNumber.toLowerCase()
  try {
    const { client: api } = await options.access()
    await api.revokeCertificate({ params: { id, serial }, body: { reason: 'The replay is over' } })
  } catch {
    // A token without the right to revoke, or a platform that has gone: the certificate ends by itself, and its key was never written anywhere.
  }
}
