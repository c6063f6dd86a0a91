import { type Bus, type Clock, newId } from '@millwright/foundation'

/** What connectivity tells the other stages; `subject` is the device's id. */
export type DeviceEvent =
  | 'device.created'
  | 'device.changed'
  | 'device.removed'
  | 'device.connected'
  | 'device.disconnected'
  | 'command.created'
  | 'command.finished'
  | 'twin.desired-changed'
  | 'connection.created'
  | 'connection.changed'
  | 'connection.removed'
  | 'connection.state'

export type Announce = (type: DeviceEvent, tenant: string, device: string, data?: object) => Promise<void>

/** Announcements go out after the change is committed: nobody hears of what was rolled back. */
export const announcer =
  (bus: Bus, clock: Clock): Announce =>
  (type, tenant, device, data = {}) => {
    const time = clock.now()
    return bus.publish({
      id: newId('evt', Math.floor(time / 1000)),
      type: `millwright.${type}`,
      source: 'millwright/connectivity',
      subject: device,
      tenant,
      time,
      data: { device, ...data },
    })
  }

/** The device that an event of any stage is about: in its data, or its subject. */
export function deviceOf(event: { subject: string; data: unknown }): string {
  const { data } = event
  if (typeof data === 'object' && data !== null && 'device' in data && typeof data.device === 'string')
    return data.device
  return event.subject
}
