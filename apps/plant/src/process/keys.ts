import { X509Certificate } from 'node:crypto'
import { DeviceError, fingerprintOf, loadIdentity } from '@millwright/sdk/device'

/**
 * Whether a device's kept keys open the platform's door: they are of this device, of this platform's authority, and
 * their certificate holds for another hour. Anything else needs a new token.
 */
export async function keysFit(directory: string, device: string, authority: string): Promise<boolean> {
  try {
    const identity = await loadIdentity(directory)
    const fits = new X509Certificate(identity.certificate).verify(new X509Certificate(authority).publicKey)
    const holds = identity.notAfter > (Date.now() + 3_600_000) * 1000
    return identity.device === device && fits && holds
  } catch (error) {
    if (error instanceof DeviceError) return false
    throw error
  }
}

/** Whether a device has keys at all. */
export async function hasKeys(directory: string): Promise<boolean> {
  return loadIdentity(directory).then(
    () => true,
    (error: unknown) => {
      if (error instanceof DeviceError) return false
      throw error
    },
  )
}

/** Names the platform in the record: its authority. */
export const platformName = (authority: string): string => fingerprintOf(authority)
