import { X509Certificate } from 'node:crypto'
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
  readonly access: Access
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
  const { client: api, url } = options.access
  const id = await deviceId(options)
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
      const { items } = await api.listDeadLetters({ query: { device: id, limit: 100 } })
      return items.filter((letter) => letter.time >= from).map((letter) => letter.reason)
    },
    async close() {
      client.off('disconnected', options.onTrouble)
      await client.close()
      await takeBack(options.access, id, identity)
    },
  }
}

async function deviceId({ access, name, equipment, file }: ReplayDeviceOptions): Promise<string> {
  let cursor: string | undefined
  do {
    const page = await access.client.listDevices({
      query: { q: name, limit: 1000, ...(cursor === undefined ? {} : { cursor }) },
    })
    const found = page.items.find((device) => device.name === name)
    if (found !== undefined) return found.id
    cursor = page.next
  } while (cursor !== undefined)
  const body = { name, metadata: { source: 'replay', file }, ...(equipment === undefined ? {} : { equipment }) }
  return (await access.client.createDevice({ body })).id
}

async function takeBack(access: Access, id: string, identity: Identity): Promise<void> {
  const serial = new X509Certificate(identity.certificate).serialNumber.toLowerCase()
  try {
    await access.client.revokeCertificate({ params: { id, serial }, body: { reason: 'The replay is over' } })
  } catch {
    // A token without the right to revoke: the certificate ends by itself, and its key was never written anywhere.
  }
}
