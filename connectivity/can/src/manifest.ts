import type { ConnectionManifest } from '@millwright/connectivity'

export const canManifest: ConnectionManifest = {
  id: 'can',
  name: 'CAN bus',
  summary: 'Frames of CAN, CAN FD and J1939 from SocketCAN, socketcand or log files, decoded by DBC databases',
  standards: ['ISO 11898-1 (CAN, CAN FD)', 'SAE J1939-21, J1939-71', 'DBC', 'Vector ASC'],
  direction: 'listens',
  does: { telemetry: true, commands: true, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: true,
  imports: [{ format: 'dbc', name: 'CAN database', extensions: ['.dbc'] }],
}
