import type { ConnectionManifest } from '@millwright/connectivity'

export const prometheusManifest: ConnectionManifest = {
  id: 'prometheus',
  name: 'Prometheus remote write',
  summary: 'Takes what Prometheus, its agent mode, Grafana Alloy or an OpenTelemetry collector forward',
  standards: ['Prometheus remote write 1.0', 'Prometheus remote write 2.0 (without native histograms)'],
  direction: 'listens',
  does: { telemetry: true, commands: false, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: false,
  imports: [],
}
