import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { JsonGeneralName } from '@peculiar/x509'

const DNS_NAME = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i

/** Names under which this server is reached: its public address, the machine's name, and the loopback. */
export function serverNames(publicUrl: string, machine: string = hostname()): JsonGeneralName[] {
  // URL writes an IPv6 host in brackets.
  const host = new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')
  const names = new Set([host, machine.toLowerCase(), 'localhost', '127.0.0.1', '::1'])
  const known: JsonGeneralName[] = []
  for (const value of names) {
    if (isIP(value) !== 0) known.push({ type: 'ip', value })
    else if (DNS_NAME.test(value)) known.push({ type: 'dns', value })
  }
  return known
}
