import 'reflect-metadata'
import { createPublicKey } from 'node:crypto'
import { PemConverter, Pkcs10CertificateRequest, type PublicKey } from '@peculiar/x509'
import { authorityErrors } from './errors.ts'

const MAX_CSR = 16_384
const CURVES = new Set(['prime256v1', 'secp384r1'])

/**
 * Checks a PKCS #10 request (RFC 2986): one PEM block, signed with its own key, a key strong enough. Only the key is
 * taken from it; the subject and the extensions it asks for are ignored.
 */
export async function checkCsr(pem: string): Promise<PublicKey> {
  const request = parse(pem)
  const name = describeKey(request.publicKey)
  if (name !== undefined) throw authorityErrors.weakKey({ key: name, path: 'csr' })
  let signed: boolean
  try {
    signed = await request.verify()
  } catch (cause) {
    throw authorityErrors.badCsr({ why: 'its signature algorithm is not supported', path: 'csr', cause })
  }
  if (!signed) throw authorityErrors.csrSignature({ path: 'csr' })
  return request.publicKey
}

interface Request {
  readonly publicKey: PublicKey
  verify(): Promise<boolean>
}

function parse(pem: string): Request {
  const path = 'csr'
  if (pem.length > MAX_CSR) throw authorityErrors.badCsr({ why: `it is longer than ${MAX_CSR} characters`, path })
  const blocks = pem.match(/-----BEGIN [A-Z0-9 ]{1,40}-----/g) ?? []
  const [block] = blocks
  if (blocks.length !== 1 || block === undefined || !/ (NEW )?CERTIFICATE REQUEST-/.test(block)) {
    throw authorityErrors.badCsr({ why: 'it must be one block of the kind CERTIFICATE REQUEST', path })
  }
  try {
    const [der] = PemConverter.decode(pem)
    if (der === undefined) throw new Error('no content')
    const request = new Pkcs10CertificateRequest(der)
    // Read here what the library only reads when it is asked for.
    return { publicKey: request.publicKey, verify: () => request.verify() }
  } catch (cause) {
    throw authorityErrors.badCsr({ why: 'its content cannot be read', path, cause })
  }
}

/** @returns the name of a key that is not accepted; undefined when it is */
function describeKey(key: PublicKey): string | undefined {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey({
      key: Buffer.from(key.rawData),
      format: 'der',
      type: 'spki',
    })
    if (type === 'ed25519') return undefined
    if (type === 'ec') return CURVES.has(details?.namedCurve ?? '') ? undefined : `EC ${details?.namedCurve}`
    if (type === 'rsa') {
      const bits = details?.modulusLength ?? 0
      if (bits < 2048 || bits > 4096) return `RSA of ${bits} bits`
      return (details?.publicExponent ?? 0n) >= 65_537n ? undefined : 'RSA with a small exponent'
    }
    return type ?? 'of an unknown kind'
  } catch (cause) {
    throw authorityErrors.badCsr({ why: 'its key cannot be read', path: 'csr', cause })
  }
}
