import type { ConnectionManifest } from '@millwright/connectivity'

export const mqttSinkManifest: ConnectionManifest = {
  id: 'mqtt-sink',
  name: 'MQTT broker (unified namespace)',
  summary: 'The platform’s signals on an external MQTT broker, one retained topic each, by ISA-95 path',
  standards: ['MQTT 3.1.1', 'MQTT 5.0', 'ISA-95 (IEC 62264)', 'TLS 1.2 and 1.3'],
  direction: 'sends',
  does: { telemetry: false, commands: false, twin: false, gateway: false },
  runsOn: ['platform'],
  browses: false,
  imports: [],
}
