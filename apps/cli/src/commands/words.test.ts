import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contracts from '@millwright/contracts'
import * as words from './words.ts'

test('the words of options are those of the API', () => {
  assert.deepEqual([...words.LEVELS], [...contracts.LEVELS])
  assert.deepEqual([...words.KINDS], [...contracts.SIGNAL_KINDS])
  assert.deepEqual([...words.PRIORITIES], [...contracts.PRIORITIES])
  assert.deepEqual([...words.ALARM_STATES], [...contracts.ALARM_STATES])
  assert.deepEqual([...words.RETENTIONS], [...contracts.RETENTION_CLASSES])
  assert.deepEqual([...words.RESOLUTIONS], [...contracts.RESOLUTIONS])
  assert.deepEqual([...words.PERMISSIONS], [...contracts.PERMISSIONS])
  type Query = { properties: Record<string, { enum?: readonly string[] }> }
  const optionsOf = (schema: unknown, field: string) => (schema as Query).properties[field]?.enum
  const { queryTable, exportReadings } = contracts.historyOperations
  assert.deepEqual([...words.FILLS], optionsOf(queryTable.body, 'fill'))
  assert.deepEqual([...words.AGGREGATES], optionsOf(queryTable.body, 'aggregate'))
  assert.deepEqual([...words.FORMATS], optionsOf(exportReadings.body, 'format'))
  assert.deepEqual([...words.LAYOUTS], optionsOf(exportReadings.body, 'layout'))
  assert.deepEqual([...words.CONNECTIONS], optionsOf(contracts.deviceOperations.listDevices.query, 'connection'))
  assert.deepEqual([...words.ALARM_FILTERS], optionsOf(contracts.monitoringOperations.listAlarms.query, 'state'))
})
