import type { ConnectionManifest } from '@millwright/connectivity'

export const sparkplugNodeManifest: ConnectionManifest = {
  id: 'sparkplug-node',
  name: 'Sparkplug B edge node',
  summary: 'The platform’s signals as a Sparkplug B edge node, for another host application',
  standards: ['Eclipse Sparkplug 3.0.0 (ISO/IEC 20237)', 'Sparkplug 2.2 (STATE)', 'MQTT 3.1.1', 'MQTT 5.0'],
  direction: 'sends',
  does: { telemetry: false, commands: false, twin: false, gateway: false },
  runsOn: ['platform'],
  browses: false,
  imports: [],
}
