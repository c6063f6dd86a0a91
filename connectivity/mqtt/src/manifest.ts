import type { AdapterManifest } from '@millwright/connectivity'

export const mqttManifest: AdapterManifest = {
  id: 'mqtt',
  name: 'MQTT',
  summary: 'Embedded broker over TLS: telemetry, commands, desired/reported state, and ThingsBoard’s topics',
  standards: [
    'MQTT 3.1.1 (OASIS, ISO/IEC 20922)',
    'MQTT 3.1',
    'TLS 1.2 and 1.3',
    'ThingsBoard MQTT device and gateway API',
  ],
  direction: 'listens',
  does: { telemetry: true, commands: true, twin: true, gateway: true },
}
