import { join } from 'node:path'
import { DeviceError, enrol, type Identity, loadIdentity, renew, saveIdentity } from '@millwright/sdk/device'
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
 * Makes sure there is an identity: the one that is there, when it is of this platform, or a new one for the token. A platform
 * that moved to another address is still this one.
 * @param url undefined: whichever platform it is of
 */
export async function ensureIdentity(
  directory: string,
  url: string | undefined,
  token: string | undefined,
): Promise<{ identity: Identity; fresh: boolean }> {
  const held = await identityIn(directory)
  if (held !== undefined) {
    const here = url === undefined || new URL(url).origin === new URL(held.http.url).origin
    return { identity: here ? held : await movedTo(url, held, directory), fresh: false }
  }
  if (url === undefined || token === undefined) throw edgeErrors.notEnrolled({ directory })
  return { identity: await enrol({ url, token, directory: join(directory, 'identity') }), fresh: true }
}

/** The same platform shows a certificate of the authority that this agent knows, and renews the agent's own there. */
async function movedTo(url: string, held: Identity, directory: string): Promise<Identity> {
  try {
    const moved = await renew({ ...held, http: { url: new URL(url).origin } })
    await saveIdentity(join(directory, 'identity'), moved)
    return moved
  } catch (cause) {
    if (!(cause instanceof DeviceError)) throw cause
    throw edgeErrors.otherPlatform({ directory, url: held.http.url, asked: url, reason: cause.message, cause })
  }
}
