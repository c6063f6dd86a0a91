import { join } from 'node:path'
import type { MillwrightError } from '@millwright/foundation'
import { X509Certificate } from '@peculiar/x509'
import type { Signer } from './certificates.ts'
import { authorityErrors } from './errors.ts'
import { readIfThere, writeDurably } from './files.ts'
import type { Seal } from './seal.ts'

const P256 = { name: 'ECDSA', namedCurve: 'P-256' }

type KeyAlgorithmOf = EcKeyImportParams | RsaHashedImportParams

/** Certificates in PEM, and beside each its private key (PKCS #8), sealed. */
export class KeyStore {
  readonly #directory: string
  readonly #seal: Seal

  constructor(directory: string, seal: Seal) {
    this.#directory = directory
    this.#seal = seal
  }

  /** Undefined when there is no such certificate. A certificate without its key is an error, a key without one a start that broke off. */
  async load(name: string, algorithm: KeyAlgorithmOf = P256): Promise<Signer | undefined> {
    const path = join(this.#directory, `${name}.crt`)
    const pem = await readIfThere(path)
    if (pem === undefined) return undefined
    let certificate: X509Certificate
    try {
      certificate = new X509Certificate(pem)
    } catch (cause) {
      throw authorityErrors.sealDamaged({ file: path, cause })
    }
    const der = await this.loadSecret(name)
    if (der === undefined) throw authorityErrors.fileMissing({ file: join(this.#directory, `${name}.key`) })
    const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, true, ['sign'])
    return { certificate, key }
  }

  /** Whether the certificate is there. */
  async has(name: string): Promise<boolean> {
    return (await readIfThere(join(this.#directory, `${name}.crt`))) !== undefined
  }

  /** A certificate of this name is expected, because of others that are there. */
  missing(name: string): MillwrightError {
    return authorityErrors.fileMissing({ file: join(this.#directory, `${name}.crt`) })
  }

  /** @throws when the certificate is not as its issuer signed it */
  async check(name: string, { certificate }: Signer, issuer: Signer): Promise<void> {
    const intact = await certificate
      .verify({ publicKey: issuer.certificate.publicKey, signatureOnly: true })
      .catch(() => false)
    if (!intact) throw authorityErrors.sealDamaged({ file: join(this.#directory, `${name}.crt`) })
  }

  /** The key is written first: with the certificate there, both are. */
  async save(name: string, certificate: X509Certificate, key: CryptoKey): Promise<Signer> {
    await this.saveSecret(name, Buffer.from(await crypto.subtle.exportKey('pkcs8', key)))
    await writeDurably(join(this.#directory, `${name}.crt`), `${certificate.toString('pem')}\n`)
    return { certificate, key }
  }

  async loadSecret(name: string): Promise<Buffer | undefined> {
    const sealed = await readIfThere(join(this.#directory, `${name}.key`))
    return sealed === undefined ? undefined : this.#seal.open(`${name}.key`, sealed)
  }

  async saveSecret(name: string, secret: Uint8Array): Promise<void> {
    await writeDurably(join(this.#directory, `${name}.key`), this.#seal.seal(`${name}.key`, secret))
  }
}
