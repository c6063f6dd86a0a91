import { isObject } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import { encodePayload } from '../payload/encode.ts'
import { TYPE, typeName } from '../payload/types.ts'
import { isWritable, valueFor } from '../payload/value-for.ts'
import type { DeviceState } from './device-state.ts'

/**
 * The payload of `write` `{ metric, value }`: the metric with its name, alias and the data type of its birth.
 * @throws MW-SPB-0061, 0063 to 0065 in words for the user
 */
export function encodeWrite(device: DeviceState, params: unknown, now: Micros): { payload: Buffer; metric: string } {
  if (!isObject(params) || typeof params['metric'] !== 'string' || !('value' in params)) {
    throw sparkplugErrors.commandParams({ expected: '{ metric, value }' })
  }
  if (!device.online) throw sparkplugErrors.deviceOffline({ path: device.name })
  const name = params['metric']
  const known = device.metrics.get(name)
  if (known === undefined) throw sparkplugErrors.metricUnknown({ path: name, device: device.name })
  if (!isWritable(known.type)) throw sparkplugErrors.notWritable({ path: name, type: typeName(known.type) })
  const converted = valueFor(known.type, params['value'])
  if ('problem' in converted) {
    throw sparkplugErrors.wrongValue({ path: name, type: typeName(known.type), what: converted.problem })
  }
  const alias = known.alias === -1 ? undefined : known.alias
  const metric = { name, alias, time: now, type: known.type, value: converted.value }
  return { payload: encodePayload(now, undefined, [metric]), metric: name }
}

export const encodeRebirth = (now: Micros): Buffer =>
  encodePayload(now, undefined, [{ name: 'Node Control/Rebirth', time: now, type: TYPE.Boolean, value: true }])
