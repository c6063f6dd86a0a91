import type { ConnectionManifest } from '@millwright/connectivity'

export const mdfManifest: ConnectionManifest = {
  id: 'mdf',
  name: 'Measurement files (MDF)',
  summary: 'Picks up ASAM MDF 4 files of test benches and loggers from a folder, each exactly once',
  standards: ['ASAM MDF 4.0, 4.1, 4.2 (without column-oriented storage)', 'ASAM MDF bus logging (CAN)'],
  direction: 'polls',
  does: { telemetry: true, commands: false, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: true,
  imports: [{ format: 'dbc', name: 'CAN database', extensions: ['.dbc'] }],
}
