import type { MonitoredItemCreateRequestOptions } from 'node-opcua-client'
import type { Library } from '../library.ts'

const SERVER = 2253
const BASE_MODEL_CHANGE = 2132
const BASE_EVENT = 2041
const EVENT_NOTIFIER = 12
const OF_TYPE = 14
const REPORTING = 2
const NODE_ID = 17

/** Asks for the server's GeneralModelChangeEvents (Part 3, 9.32), without anything of them but that they happened. */
export function modelChanges(library: Library, clientHandle: number): MonitoredItemCreateRequestOptions {
  const { EventFilter, LiteralOperand, NodeId, SimpleAttributeOperand } = library
  const type = new LiteralOperand({ value: { dataType: NODE_ID, value: new NodeId(1, BASE_MODEL_CHANGE, 0) } })
  const filter = new EventFilter({
    selectClauses: [
      new SimpleAttributeOperand({
        typeDefinitionId: new NodeId(1, BASE_EVENT, 0),
        browsePath: [{ namespaceIndex: 0, name: 'EventType' }],
        attributeId: 13,
      }),
    ],
    whereClause: { elements: [{ filterOperator: OF_TYPE, filterOperands: [type] }] },
  })
  return {
    itemToMonitor: { nodeId: new NodeId(1, SERVER, 0), attributeId: EVENT_NOTIFIER },
    monitoringMode: REPORTING,
    requestedParameters: { clientHandle, samplingInterval: 0, queueSize: 100, discardOldest: true, filter },
  }
}
