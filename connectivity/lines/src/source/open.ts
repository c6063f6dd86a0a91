import type { ConnectionPorts } from '@millwright/connectivity'
import { DEFAULTS, type Source } from '../config.ts'
import { DialledSource, openSerialWay, openTcpWay } from './dialled.ts'
import type { SourceEvents, TextSource } from './source.ts'
import { TcpServerSource } from './tcp-server.ts'
import { UdpSource } from './udp.ts'

export function createSource(
  source: Source,
  events: SourceEvents,
  ports: Pick<ConnectionPorts, 'clock' | 'random'>,
): TextSource {
  switch (source.type) {
    case 'tcp-client':
      return new DialledSource(`${source.host}:${source.port}`, openTcpWay(source), events, ports)
    case 'serial':
      return new DialledSource(source.path, openSerialWay(source), events, ports)
    case 'tcp-server':
      return new TcpServerSource(source, events, ports)
    case 'udp':
      return new UdpSource(source, events, ports)
  }
}

/** As people name it. */
export function sourceName(source: Source): string {
  if (source.type === 'serial') return `serial port ${source.path}`
  if (source.type === 'tcp-client') return `${source.host}:${source.port}`
  return `${source.type === 'udp' ? 'UDP' : 'TCP'} port ${source.port} of ${source.host ?? DEFAULTS.listen}`
}
