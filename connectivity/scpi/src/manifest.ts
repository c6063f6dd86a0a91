import type { ConnectionManifest } from '@millwright/connectivity'

export const manifest: ConnectionManifest = {
  id: 'scpi',
  name: 'SCPI instruments',
  summary: 'Multimeters, oscilloscopes, power supplies and analysers by SCPI over TCP (raw socket, port 5025)',
  standards: ['SCPI-99', 'IEEE 488.2', 'TCP raw socket'],
  direction: 'polls',
  does: { telemetry: true, commands: true, twin: false, gateway: false },
  runsOn: ['platform', 'edge'],
  browses: false,
  imports: [],
}
