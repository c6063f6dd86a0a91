import { X509Certificate } from 'node:crypto'
import { MillwrightError } from '@millwright/foundation'
import type { DeviceIdentity, IdentifiedDevice } from '@millwright/trust'

/** What a broker was shown by who connects. */
export interface ShownCredentials {
  readonly username: string | undefined
  readonly password: string | undefined
  /** PEM of the client certificate, whose key the broker's TLS has proved. */
  readonly certificate: string | undefined
}

const TOKEN = /^mwd_[0-9a-f]{64}$/
const DEVICE = /^dev_[0-9a-z]{26}$/
const PEM_CHARS = 16_384

/** Who devices are, by the same credentials as at our own broker. */
export class BrokerDevices {
  readonly #identity: DeviceIdentity

  constructor(identity: DeviceIdentity) {
    this.#identity = identity
  }

  /**
   * By certificate where one was shown; else by device token, as the user name alone, or as the password of the user name
   * that is the device's id. undefined: nobody we know.
   */
  async authenticate({ username, password, certificate }: ShownCredentials): Promise<IdentifiedDevice | undefined> {
    if (certificate !== undefined && certificate !== '') {
      const shown = parse(certificate)
      return shown === undefined ? undefined : known(() => this.#identity.byCertificate(shown))
    }
    if (username !== undefined && TOKEN.test(username)) return known(() => this.#identity.byToken(username))
    if (username === undefined || password === undefined || !TOKEN.test(password)) return undefined
    const device = await known(() => this.#identity.byToken(password))
    return device?.device === username ? device : undefined
  }

  /** The device of a user whom the broker has let in by our word. A token is asked about again: it may be revoked. */
  async ofUser(username: string | undefined): Promise<string | undefined> {
    if (username === undefined) return undefined
    if (TOKEN.test(username)) return (await known(() => this.#identity.byToken(username)))?.device
    return DEVICE.test(username) ? username : undefined
  }
}

function parse(pem: string): X509Certificate | undefined {
  if (pem.length > PEM_CHARS) return undefined
  try {
    return new X509Certificate(pem)
  } catch {
    // Not a certificate: nobody we know. Its text is a stranger's and goes nowhere.
    return undefined
  }
}

/** A typed refusal means "no"; trouble of our own is passed on, and answered with a deny as well. */
async function known(ask: () => Promise<IdentifiedDevice>): Promise<IdentifiedDevice | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof MillwrightError && error.status < 500) return undefined
    throw error
  }
}
