import { ConnectionStatus } from '@millwright/contracts'
import { Value } from 'typebox/value'
import { isObject } from '../codecs/json/document.ts'
import type { AgentReport } from './model.ts'

/** Reads what an agent reported in its twin. Whatever does not look as it should is left out: it comes from outside. */
export function readReport(document: Readonly<Record<string, unknown>>): AgentReport {
  const agent = document['agent']
  if (!isObject(agent)) return { connections: {} }
  const { software, configuration, queue, connections } = agent
  return {
    ...(typeof software === 'string' ? { software: software.slice(0, 100) } : {}),
    ...configurationOf(configuration),
    ...queueOf(queue),
    connections: isObject(connections) ? connections : {},
  }
}

/** The status that an agent reported of a connection; undefined when it said none that can be understood. */
export function reportedStatus(report: AgentReport, connection: string): ConnectionStatus | undefined {
  const status = report.connections[connection]
  if (!isObject(status)) return undefined
  const whole = { readings: 0, readingsPerSecond: 0, counters: {}, certificates: [], ...status }
  return Value.Check(ConnectionStatus, whole) ? (whole as ConnectionStatus) : undefined
}

function configurationOf(value: unknown): Pick<AgentReport, 'configuration'> {
  if (!isObject(value)) return {}
  const { version, state, reason, running } = value
  if (!isCount(version) || typeof state !== 'string') return {}
  const said = typeof reason === 'string' ? { reason: reason.slice(0, 1_000) } : {}
  return { configuration: { version, state, ...said, ...(isCount(running) ? { running } : {}) } }
}

function queueOf(value: unknown): Pick<AgentReport, 'queue'> {
  if (!isObject(value)) return {}
  const { readings, bytes, oldest, dropped } = value
  if (!isCount(readings) || !isCount(bytes)) return {}
  return {
    queue: { readings, bytes, ...(isCount(oldest) ? { oldest } : {}), dropped: isCount(dropped) ? dropped : 0 },
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
