import type { Micros } from '@millwright/foundation'
import type { Envelope } from '../payload/envelope.ts'
import type { TemplateMembers } from '../payload/templates.ts'
import type { MessageType } from '../topic.ts'
import { DeviceState } from './device-state.ts'
import { Sequence } from './sequence.ts'

/** A message that waits for its turn. */
export interface Arrived {
  readonly type: MessageType
  readonly device: string | undefined
  readonly envelope: Envelope
  readonly receivedAt: Micros
}

/** What is known of one edge node and the devices behind it. */
export class EdgeNode {
  readonly group: string
  readonly id: string
  /** The node itself. */
  readonly self: DeviceState
  readonly devices = new Map<string, DeviceState>()
  readonly templates = new Map<string, TemplateMembers>()
  readonly sequence = new Sequence<Arrived>()
  /** Of the birth that holds; a death with another one is of an older connection. */
  bdSeq: number | undefined
  /** A message was lost: until the next birth values may be of other metrics than they seem, or miss one between. */
  doubtful = false
  readonly #nameOf: (device: string | undefined) => string

  constructor(group: string, id: string, nameOf: (device: string | undefined) => string) {
    this.group = group
    this.id = id
    this.#nameOf = nameOf
    this.self = new DeviceState(nameOf(undefined), `${group}/${id}`)
  }

  get source(): string {
    return this.self.source
  }

  /** The device's state, made when first met. */
  device(id: string | undefined): DeviceState {
    if (id === undefined) return this.self
    let device = this.devices.get(id)
    if (device === undefined) {
      device = new DeviceState(this.#nameOf(id), `${this.group}/${this.id}/${id}`)
      this.devices.set(id, device)
    }
    return device
  }

  *all(): Iterable<DeviceState> {
    yield this.self
    yield* this.devices.values()
  }

  /** Messages were missed: nothing that was announced holds any more until it is announced anew. */
  unlearn(): void {
    for (const device of this.all()) device.born = false
    this.sequence.clear()
  }
}
