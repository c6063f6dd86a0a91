import type { ConnectionManifest } from '@millwright/connectivity'

export const manifest: ConnectionManifest = {
  id: 'modbus',
  name: 'Modbus',
  summary:
    'PLCs, drives, meters and sensors by Modbus TCP, Modbus RTU on a serial port, or RTU through a serial server',
  standards: [
    'Modbus Application Protocol V1.1b3',
    'Modbus Messaging on TCP/IP V1.0b',
    'Modbus over Serial Line V1.02 (RTU)',
  ],
  direction: 'polls',
  does: { telemetry: true, commands: true, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: true,
  imports: [{ format: 'register-map', name: 'Register map', extensions: ['.csv', '.tsv', '.txt'] }],
}
