import type { ConnectionManifest } from '@millwright/connectivity'

export const manifest: ConnectionManifest = {
  id: 'lines',
  name: 'Lines of text',
  summary:
    'Scales, counters, readers and loggers that send lines of text over TCP, UDP or a serial port, read by pattern',
  standards: ['TCP', 'UDP', 'RS-232/RS-485 serial ports'],
  direction: 'polls',
  does: { telemetry: true, commands: true, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: false,
  imports: [],
}
