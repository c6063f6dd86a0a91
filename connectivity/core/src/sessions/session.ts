import type { Micros } from '@millwright/foundation'
import type { DeviceRow } from '../devices/model.ts'
import type { MetricOwner } from '../ports.ts'
import type { Cut, DeviceSession } from './model.ts'

/** @param through the owner of the gateway or connection that speaks for it */
export const ownerOf = (row: DeviceRow, through?: MetricOwner): MetricOwner => ({
  tenant: row.tenant,
  device: row.id,
  deviceName: row.name,
  equipment: row.equipment,
  unknownMetrics: row.unknownMetrics,
  simulated: row.simulated,
  connection: row.ofConnection !== null,
  // Units behind one connection often have metrics of the same names: at the same equipment they stay apart.
  ...(row.ofConnection !== null &&
  row.behindName !== null &&
  row.equipment !== null &&
  row.equipment === through?.equipment
    ? { prefix: `${row.behindName}/` }
    : {}),
})

/** One live connection; made by `DeviceSessionTable` alone. */
export class LiveSession implements DeviceSession {
  readonly id: number
  readonly tenant: string
  readonly device: string
  readonly protocol: string
  readonly address: string
  readonly openedAt: Micros
  /** Of the certificate it came with; undefined when it came with a token. */
  readonly serial: string | undefined
  /** The gateway's session that this one, of a device behind it, lives in. */
  readonly through: DeviceSession | undefined
  name: string
  gateway: boolean
  owner: MetricOwner
  closed = false
  #cut: Cut | undefined
  #onCut: ((cut: Cut) => void)[] = []
  readonly #onClose: (session: LiveSession, reason: string) => void

  constructor(
    id: number,
    row: DeviceRow,
    line: {
      protocol: string
      address: string
      serial: string | undefined
      through: DeviceSession | undefined
      now: Micros
    },
    onClose: (session: LiveSession, reason: string) => void,
  ) {
    this.id = id
    this.tenant = row.tenant
    this.device = row.id
    this.name = row.name
    this.gateway = row.gateway
    this.owner = ownerOf(row, line.through?.owner)
    this.protocol = line.protocol
    this.address = line.address
    this.serial = line.serial
    this.through = line.through
    this.openedAt = line.now
    this.#onClose = onClose
  }

  /** The device was changed: what depends on it follows. */
  follow(row: DeviceRow): void {
    this.name = row.name
    this.gateway = row.gateway
    this.owner = ownerOf(row, this.through?.owner)
  }

  onCut(listener: (cut: Cut) => void): void {
    if (this.#cut === undefined) this.#onCut.push(listener)
    else listener(this.#cut)
  }

  cut(cut: Cut): void {
    if (this.#cut !== undefined || this.closed) return
    this.#cut = cut
    const listeners = this.#onCut
    this.#onCut = []
    for (const listener of listeners) listener(cut)
    // Whether or not the adapter hung up, nothing more is taken on this session.
    this.close(cut.reason)
  }

  close(reason: string): void {
    if (this.closed) return
    this.closed = true
    this.#onClose(this, reason)
  }
}
