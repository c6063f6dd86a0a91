import { openSerial } from '@millwright/connectivity'
import { DEFAULTS, type Transport } from '../config.ts'
import type { OpenWire } from './wire.ts'

/** The serial port of a bus, with the parity of the standard. */
export function serialWire(config: Extract<Transport, { type: 'rtu' }>): OpenWire {
  // A port can be opened again when it is closed, and not before.
  let closed = Promise.resolve()
  return async (events) => {
    await closed
    const settings = { ...config, parity: config.parity ?? DEFAULTS.parity }
    const port = await openSerial(settings, { data: events.data, lost: events.closed })
    return {
      write: port.write,
      close: () => {
        closed = port.close()
        return closed
      },
    }
  }
}

/** µs of silence between frames: 3.5 characters of 11 bits, from 19,200 baud on 1.75 ms (2.5.1.1). */
export const silence = (baudRate: number): number =>
  baudRate > 19_200 ? 1_750 : Math.ceil((3.5 * 11 * 1e6) / baudRate)
