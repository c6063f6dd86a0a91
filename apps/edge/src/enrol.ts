import { join } from 'node:path'
import { DeviceError, enrol, type Identity, loadIdentity } from '@millwright/sdk/device'
import { edgeErrors } from './errors.ts'

/** The identity there is; undefined when there is none. Errors: one that cannot be read. */
export async function identityIn(directory: string): Promise<Identity | undefined> {
  try {
    return await loadIdentity(join(directory, 'identity'))
  } catch (error) {
    if (error instanceof DeviceError && error.code === 'identity-missing') return undefined
    throw error
  }
}

/**
 * Makes sure there is an identity: the one that is there, when it is of this platform, or a new one for the token.
 * @param url undefined: whichever platform it is of
 */
export async function ensureIdentity(
  directory: string,
  url: string | undefined,
  token: string | undefined,
): Promise<{ identity: Identity; fresh: boolean }> {
  const held = await identityIn(directory)
  if (held !== undefined) {
    if (url !== undefined && new URL(url).origin !== new URL(held.http.url).origin) {
      throw edgeErrors.otherPlatform({ directory, url: held.http.url })
    }
    return { identity: held, fresh: false }
  }
  if (url === undefined || token === undefined) throw edgeErrors.notEnrolled({ directory })
  return { identity: await enrol({ url, token, directory: join(directory, 'identity') }), fresh: true }
}
