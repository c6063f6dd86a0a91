import type { ConnectionManifest } from '@millwright/connectivity'

export const manifest: ConnectionManifest = {
  id: 'opcua',
  name: 'OPC UA',
  summary: 'Subscribes to the nodes of an OPC UA server, fills gaps from its history, writes and calls methods',
  standards: ['OPC UA 1.05 (IEC 62541), client, UA TCP binary'],
  direction: 'polls',
  does: { telemetry: true, commands: true, twin: false, gateway: false },
  runsOn: ['platform', 'edge'],
  browses: true,
  imports: [],
}
