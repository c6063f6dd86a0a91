import type { MqttAdapter } from '@millwright/connectivity-mqtt'
import type { SpaceWatch } from '@millwright/storage'
import type { Stages } from '../stages.ts'
import { connectionFigures } from './connection-figures.ts'
import type { Figure, Metrics } from './metrics.ts'

/** Adds the figures of every stage, named `millwright_<stage>_…` after Prometheus' conventions. */
export function addFigures(
  metrics: Metrics,
  { stages, mqtt, disk }: { stages: Stages; mqtt: MqttAdapter; disk: SpaceWatch },
): void {
  const { intake } = stages.connectivity
  const { historian } = stages
  const figures: Figure[] = [
    counter('intake_messages_total', 'Messages taken in', () => intake.counters.messages),
    counter('intake_points_total', 'Readings taken in', () => intake.counters.points),
    counter('intake_bytes_total', 'Payload bytes taken in', () => intake.counters.bytes),
    counter('intake_refused_messages_total', 'Messages refused as a whole', () => intake.counters.refusedMessages),
    counter(
      'intake_refused_metrics_total',
      'Metrics refused for a reason of their own',
      () => intake.counters.refusedMetrics,
    ),
    gauge('historian_points_per_second', 'Readings made durable', () => historian.ingest().pointsPerSecond),
    gauge('historian_failing', '1 while readings cannot be stored', () =>
      historian.ingest().state === 'failing' ? 1 : 0,
    ),
    gauge('mqtt_connections', 'Open sockets', () => mqtt.counters.connections),
    counter('mqtt_handshakes_total', 'TLS handshakes finished', () => mqtt.counters.handshakes),
    counter('mqtt_messages_received_total', 'Messages from devices', () => mqtt.counters.messagesIn),
    counter('mqtt_messages_sent_total', 'Messages to devices', () => mqtt.counters.messagesOut),
    counter('mqtt_received_bytes_total', 'Bytes from devices', () => mqtt.counters.bytesIn),
    counter('mqtt_sent_bytes_total', 'Bytes to devices', () => mqtt.counters.bytesOut),
    { ...counter('mqtt_refused_total', 'Refusals by error code', () => mqtt.counters.refused), label: 'code' },
    gauge('disk_free_bytes', 'Free space on the disk of the data directory', () => disk.space.free),
    gauge('signals', 'Signals known', () => stages.plant.catalogue.size),
    gauge('services_live', 'AI services that score', () => stages.intelligence.figures().services),
    counter(
      'services_left_out_total',
      'Readings that were not scored because scoring was too far behind',
      () => stages.intelligence.figures().leftOut,
    ),
  ]
  for (const figure of [...figures, ...connectionFigures(stages.connectivity.running)]) metrics.add(figure)
}

const counter = (name: string, help: string, read: Figure['read']): Figure => ({
  name: `millwright_${name}`,
  help,
  type: 'counter',
  read,
})
const gauge = (name: string, help: string, read: Figure['read']): Figure => ({
  name: `millwright_${name}`,
  help,
  type: 'gauge',
  read,
})
