import { isIPv4, isIPv6 } from 'node:net'

/**
 * The part of a network address that one caller holds: an IPv4 address, the first 64 bits of an IPv6 one (a household
 * or a server gets at least a /64, so single addresses cost nothing). Anything else counts as one caller.
 */
export function callerOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined && isIPv4(mapped)) return mapped
  if (isIPv4(address)) return address
  const bare = address.split('%')[0] ?? ''
  if (!isIPv6(bare)) return 'unknown'
  const [head = '', tail] = bare.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  // An IPv4 tail stands for two groups; it lies in the last 64 bits, which are cut off anyway.
  const groups = right.length + (bare.includes('.') ? 1 : 0)
  const all = tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - groups)).fill('0'), ...right]
  const prefix = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${prefix.join(':')}::/64`
}
