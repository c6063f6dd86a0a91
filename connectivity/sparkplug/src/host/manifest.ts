import type { ConnectionManifest } from '@millwright/connectivity'

export const sparkplugHostManifest: ConnectionManifest = {
  id: 'sparkplug-host',
  name: 'Sparkplug B host',
  summary:
    'Edge nodes and devices that publish Sparkplug B on an external MQTT broker; writes and rebirths as commands',
  standards: ['Eclipse Sparkplug 3.0.0 (ISO/IEC 20237)', 'Sparkplug 2.2', 'MQTT 3.1.1', 'MQTT 5.0'],
  direction: 'polls',
  does: { telemetry: true, commands: true, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: false,
  imports: [],
}
