import type { X509Certificate } from 'node:crypto'
import type { Place } from '../actor.ts'

/** A device whose identity is proven by its connection. */
export interface IdentifiedDevice {
  readonly device: string
  readonly tenant: string
  readonly name: string
  readonly place: Place
  /** Of the certificate it showed, lower-case hex; absent when it came with a token. */
  readonly serial?: string
}

/** Who is at the other end of a connection; both ways throw a typed error (401) that says what was wrong. */
export interface DeviceIdentity {
  /** @param certificate as the TLS layer took it from the handshake, which also proved that the device holds its key */
  byCertificate(certificate: X509Certificate | Uint8Array): Promise<IdentifiedDevice>
  /** @param token `mwd_…`, as MQTT user name or HTTP bearer token */
  byToken(token: string): Promise<IdentifiedDevice>
}
