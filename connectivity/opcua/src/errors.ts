import { errorCatalogue } from '@millwright/foundation'

export const opcuaErrors = errorCatalogue('OPCUA', {
  nodeId: {
    number: 1,
    status: 400,
    text: '{node} is no node id. Node ids look like ns=2;s=Machine.Temperature, nsu=urn:maker:machine;i=6001 or i=85.',
  },
  browsePath: {
    number: 2,
    status: 400,
    text: '{text} is no browse path. Paths look like /Objects/Machine/Motor, a slash in a name written as &/.',
  },
  pattern: {
    number: 3,
    status: 400,
    text: '{pattern} is no pattern: * stands for any part of one name, ** for any number of names.',
  },
  namespace: { number: 4, status: 404, text: 'The server has no namespace {namespace}, which {node} needs.' },
  unreachable: { number: 5, status: 502, text: '{reason}' },
  noNodes: { number: 6, status: 400, text: 'Nothing is chosen: pick nodes or add a rule.' },
  duplicateMetric: { number: 7, status: 400, text: '{metric} stands for two nodes: give one of them another name.' },
  certificate: { number: 8, status: 400, text: '{reason}' },
  metricUnknown: { number: 9, status: 404, text: 'This connection has no metric {metric}.' },
  notWritable: { number: 10, status: 409, text: 'The server does not let {metric} be written.' },
  value: { number: 11, status: 400, text: '{metric} takes {expected}; {value} is none.' },
  refusedByServer: { number: 12, status: 409, text: 'The server refused: {status}. {hint}' },
  commandUnknown: {
    number: 13,
    status: 400,
    text: '{name} is no command of an OPC UA connection. There are: write {"metric", "value"}, call {"object", "method", "args"}.',
  },
  commandParams: { number: 14, status: 400, text: '{name} needs {expected}.' },
  notConnected: { number: 15, status: 409, text: 'The server is not connected: {reason}' },
  nodeMissing: { number: 16, status: 404, text: 'The server has no node {node}.' },
  argumentCount: { number: 17, status: 400, text: '{method} takes {expected} argument(s), not {given}.' },
  nodeSetSyntax: { number: 18, status: 400, text: '{file} is no readable NodeSet2 file: {reason}' },
  nodeSetLarge: { number: 19, status: 413, text: '{file} has more than {limit}: it is not read.' },
  nodeSetMissing: {
    number: 20,
    status: 400,
    text: '{file} builds on {model}, which is not among the files: add its NodeSet2 file.',
  },
  unknownHandle: { number: 21, status: 400, text: 'The server reported {count} value(s) of items nobody asked for.' },
  cursor: { number: 22, status: 400, text: 'This page is not there any more: browse again from the start.' },
})
