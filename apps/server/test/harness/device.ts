import { type ConnectOptions, connect, type DeviceClient, enrol, type Identity } from '@millwright/sdk/device'
import type { RunningPlatform } from './platform.ts'

export interface TestDevice {
  readonly id: string
  readonly identity: Identity
  /** Connects; the caller closes it. */
  connect(options?: Pick<ConnectOptions, 'longestWait'>): DeviceClient
}

export interface TestDeviceOptions {
  readonly name: string
  readonly equipment?: string | null
  readonly gateway?: boolean
  readonly unknownMetrics?: 'create' | 'refuse'
}

/** Announces a device and enrols it as any device is: a one-time token, a key of its own, a certificate over HTTPS. */
export async function enrolDevice(platform: RunningPlatform, options: TestDeviceOptions): Promise<TestDevice> {
  const device = await platform.client.createDevice({ body: options })
  const { token } = await platform.client.createEnrolmentToken({ params: { id: device.id }, body: {} })
  const url = platform.url.replace('http://', 'https://')
  const identity = await enrol({ url, token })
  return {
    id: device.id,
    identity,
    connect: (options) => connect({ ...options, credentials: identity, host: 'localhost', port: platform.mqttPort }),
  }
}
