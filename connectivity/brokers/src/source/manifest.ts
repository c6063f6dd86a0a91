import type { ConnectionManifest } from '@millwright/connectivity'

export const mqttSourceManifest: ConnectionManifest = {
  id: 'mqtt-source',
  name: 'MQTT broker (source)',
  summary: 'Topics of an external MQTT broker, mapped to metrics by pattern and JSONPath',
  standards: ['MQTT 3.1.1', 'MQTT 5.0', 'JSONPath (RFC 9535)', 'SenML (RFC 8428)', 'TLS 1.2 and 1.3'],
  direction: 'polls',
  does: { telemetry: true, commands: false, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: true,
  imports: [],
}
