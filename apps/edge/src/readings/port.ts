import type { ReadingsPort } from '@millwright/connectivity'
import type { DeviceStates } from './devices.ts'
import type { ReadingsHub } from './hub.ts'

/** Where one connection's readings go: into the queue. */
export function readingsPort(connection: string, hub: ReadingsHub, devices: DeviceStates): ReadingsPort {
  return {
    accept(rows, source, device = '') {
      // Readings imply that it is there.
      if (device !== '') devices.online(connection, device)
      return hub.accept({ connection, device, source }, rows)
    },
    refuse: (payload, source, error, device = '') =>
      hub.refusals.refuse({ connection, device, source }, payload, error),
    online: (device) => devices.online(connection, device),
    offline: (device, reason) => devices.offline(connection, device, reason),
    get saturated() {
      return hub.saturated
    },
    drained: () => hub.drained(),
  }
}
