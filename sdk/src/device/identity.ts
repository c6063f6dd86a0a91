import { X509Certificate } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DeviceError } from './errors.ts'

/** All a device needs to be known by its platform. */
export interface Identity {
  readonly device: string
  readonly tenant: string
  /** PKCS #8, PEM. */
  readonly key: string
  /** PEM. */
  readonly certificate: string
  /** PEM certificates that the platform's own certificate chains to. */
  readonly authority: string
  /** µs since the epoch. */
  readonly notAfter: number
  readonly mqtt: { readonly host: string; readonly port: number }
  readonly http: { readonly url: string }
}

const FILES = { pair: 'device.pem', authority: 'authority.pem', about: 'identity.json' } as const

/**
 * Writes the identity into a folder only its owner may read: `device.pem` (key and certificate in one file, so that a
 * renewal replaces both at once), `authority.pem`, `identity.json` (addresses). Other tools take the PEM files as they are:
 * `mosquitto_pub --cafile authority.pem --cert device.pem --key device.pem`.
 */
export async function saveIdentity(directory: string, identity: Identity): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const { key, certificate, authority, ...about } = identity
  await replaceFile(join(directory, FILES.authority), authority)
  await replaceFile(join(directory, FILES.about), `${JSON.stringify(about, undefined, 2)}\n`)
  await replaceFile(join(directory, FILES.pair), `${key.trim()}\n${certificate.trim()}\n`)
}

/** Reads what `saveIdentity` wrote. Errors: `identity-missing`, `identity-damaged`. */
export async function loadIdentity(directory: string): Promise<Identity> {
  const read = (file: string) =>
    readFile(join(directory, file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause
      throw new DeviceError('identity-missing', `There is no device identity in ${directory}: enrol first.`, { cause })
    })
  const [pair, authority, about] = await Promise.all([read(FILES.pair), read(FILES.authority), read(FILES.about)])
  const key = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/.exec(pair)?.[0]
  const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.exec(pair)?.[0]
  try {
    if (key === undefined || certificate === undefined)
      throw new Error(`${FILES.pair} lacks the key or the certificate`)
    // identity.json may be one renewal behind after a crash: the certificate itself says how long it holds.
    const notAfter = Date.parse(new X509Certificate(certificate).validTo) * 1000
    return { ...(JSON.parse(about) as Identity), key, certificate, authority, notAfter }
  } catch (cause) {
    throw new DeviceError('identity-damaged', `The device identity in ${directory} cannot be read: enrol again.`, {
      cause,
    })
  }
}

/** Whole or not at all, and on the disk when it returns: a device that loses its key must be enrolled by hand. */
async function replaceFile(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
