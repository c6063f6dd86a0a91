import type { ConnectionManifest } from '@millwright/connectivity'

export const filesManifest: ConnectionManifest = {
  id: 'files',
  name: 'Dropped files',
  summary: 'Picks up CSV and Parquet files from a folder, each row exactly once',
  standards: ['RFC 4180 (CSV)', 'Apache Parquet'],
  direction: 'polls',
  does: { telemetry: true, commands: false, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: true,
  imports: [],
}
