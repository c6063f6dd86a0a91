import { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import type { Client } from '@millwright/sdk'
import { PemConverter, Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

/** What the load generators need: `{ ca, devices: [{ key, cert }] }`, all PEM. */
export interface Identities {
  readonly ca: string
  readonly devices: readonly { readonly key: string; readonly cert: string }[]
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const AT_ONCE = 16

/** Announces devices and enrols each with a one-time token, a key of its own and a certificate request. */
export async function enrolDevices(
  client: Client,
  count: number,
  describe: (at: number) => { name: string; equipment?: string },
): Promise<Identities> {
  const devices: { key: string; cert: string }[] = []
  let ca = ''
  let next = 0
  const work = async () => {
    for (let at = next++; at < count; at = next++) {
      const { id } = await client.createDevice({ body: describe(at) })
      const { token } = await client.createEnrolmentToken({ params: { id }, body: {} })
      const { key, csr } = await keyAndRequest()
      const { certificate, authority } = await client.enrol({ body: { token, csr } })
      devices[at] = { key, cert: certificate }
      ca = authority
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { ca, devices }
}

async function keyAndRequest(): Promise<{ key: string; csr: string }> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=device',
    keys,
    signingAlgorithm: ALGORITHM,
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { key: `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, csr: request.toString('pem') }
}
