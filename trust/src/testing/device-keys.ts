import 'reflect-metadata'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

export type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | 'RSA-1024' | 'RSA-2048'

const algorithmOf = (kind: KeyKind) => {
  if (kind === 'Ed25519') return { name: 'Ed25519' }
  if (!kind.startsWith('RSA')) return { name: 'ECDSA', namedCurve: kind, hash: 'SHA-256' }
  const modulusLength = Number(kind.slice(4))
  return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength, publicExponent: new Uint8Array([1, 0, 1]) }
}

/** What a device makes before it enrols: a key of its own and a request signed with it, both PEM. */
export async function deviceKeys(
  kind: KeyKind = 'P-256',
  subject = 'whatever it asks for',
): Promise<{ key: string; csr: string }> {
  const algorithm = algorithmOf(kind)
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [subject] }],
    keys,
    signingAlgorithm: algorithm,
  })
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`,
    csr: csr.toString('pem'),
  }
}
