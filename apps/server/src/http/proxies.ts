import { BlockList, isIP } from 'node:net'
import { apiErrors } from './problems.ts'

/** Whether a connection comes from a reverse proxy that speaks for others. */
export type IsProxy = (address: string | undefined) => boolean

/**
 * Reads the addresses and networks (`10.1.0.0/16`) of trusted reverse proxies. An IPv4 address is known in its IPv6 form
 * too, which is how a socket that listens on both shows it.
 * @throws MW-API-0009 when one of them is neither
 */
export function trustedProxies(addresses: readonly string[]): IsProxy {
  const list = new BlockList()
  for (const given of addresses) {
    const [address = '', prefix, ...more] = given.split('/')
    const family = isIP(address)
    const bits = Number(prefix ?? (family === 4 ? 32 : 128))
    const known = family !== 0 && more.length === 0 && prefix !== '' && Number.isInteger(bits)
    if (!known || bits < 0 || bits > (family === 4 ? 32 : 128)) throw apiErrors.proxyAddress({ given })
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
  return (address) => {
    const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
    const family = isIP(plain)
    return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
  }
}
