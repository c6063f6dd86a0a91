import type { AdapterManifest } from '@millwright/connectivity'

export const manifest: AdapterManifest = {
  id: 'http',
  name: 'HTTP',
  summary: 'Telemetry by POST, commands by long poll, desired and reported state; the ThingsBoard HTTP device API.',
  standards: ['HTTP/1.1 (RFC 9112)', 'problem+json (RFC 9457)', 'SenML (RFC 8428)', 'gzip (RFC 1952)'],
  direction: 'listens',
  does: { telemetry: true, commands: true, twin: true, gateway: false },
}
