import type { FloorProtocol, Speaker, SpeakerOptions } from './speaker.ts'

/** Each protocol's server is loaded only in the process that speaks it. */
export const SPEAKERS: Readonly<Record<FloorProtocol, (options: SpeakerOptions) => Promise<Speaker>>> = {
  opcua: async (options) => new (await import('./opcua.ts')).OpcuaSpeaker(options),
  modbus: async (options) => new (await import('./modbus.ts')).ModbusSpeaker(options),
  mqtt: async (options) => new (await import('./mqtt.ts')).MqttSpeaker(options),
  bench: async (options) => new (await import('./bench/bench.ts')).BenchSpeaker(options),
  hosts: async (options) => new (await import('./hosts/hosts.ts')).HostsSpeaker(options),
  lines: async (options) => new (await import('./lines.ts')).LinesSpeaker(options),
  sparkplug: async (options) => new (await import('./sparkplug.ts')).SparkplugSpeaker(options),
}
