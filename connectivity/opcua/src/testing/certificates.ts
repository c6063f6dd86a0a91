import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crypto_utils as crypto } from 'node-opcua-client'

export interface MadeCertificate {
  /** Key and certificate, PEM. */
  readonly pem: string
  readonly key: string
  readonly certificate: string
}

/** A self-signed certificate of the test server or of a user. @param days from today; below 0: it ran out */
export async function makeCertificate(days: number, name = 'Test server'): Promise<MadeCertificate> {
  const pair = await crypto.generatePrivateKey(2048)
  const day = 86_400_000
  const { cert } = await crypto.createSelfSignedCertificate({
    privateKey: pair,
    subject: `/CN=${name}`,
    applicationUri: 'urn:millwright:test-server',
    dns: ['localhost'],
    ip: ['127.0.0.1'],
    notBefore: new Date(Date.now() - 400 * day),
    notAfter: new Date(Date.now() + days * day),
    purpose: crypto.CertificatePurpose.ForApplication,
  })
  const key = (await crypto.privateKeyToPEM(pair)).privPem
  return { pem: `${key.trim()}\n${cert}`, key, certificate: cert }
}

/**
 * A server's certificate that an authority below a root issued, by OpenSSL.
 * @returns `pem` with the server's key and its chain up to the one below the root
 */
export function makeIssued(): { readonly pem: string; readonly root: string; readonly issuer: string } {
  const directory = mkdtempSync(join(tmpdir(), 'millwright-issued-'))
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: directory, encoding: 'utf8' })
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
  }
  const read = (name: string) => readFileSync(join(directory, name), 'utf8')
  const issue = (name: string, by: string | undefined, extensions: string) => {
    writeFileSync(join(directory, `${name}.ext`), extensions)
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`]
    openssl('req', '-new', ...key, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
    const signer = by === undefined ? ['-signkey', `${name}.key`] : ['-CA', `${by}.pem`, '-CAkey', `${by}.key`]
    const serial = by === undefined ? [] : ['-CAcreateserial']
    const from = ['-req', '-in', `${name}.csr`, ...signer, ...serial, '-days', '30', '-extfile', `${name}.ext`]
    openssl('x509', ...from, '-out', `${name}.pem`)
  }
  try {
    issue('root', undefined, 'basicConstraints=critical,CA:true\nkeyUsage=keyCertSign,cRLSign\n')
    issue('issuer', 'root', 'basicConstraints=critical,CA:true\nkeyUsage=keyCertSign,cRLSign\n')
    const usage = 'digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment'
    const names = 'URI:urn:millwright:test-server,DNS:localhost,IP:127.0.0.1'
    issue('server', 'issuer', `keyUsage=${usage}\nextendedKeyUsage=serverAuth\nsubjectAltName=${names}\n`)
    return {
      pem: read('server.key') + read('server.pem') + read('issuer.pem'),
      root: read('root.pem'),
      issuer: read('issuer.pem'),
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
