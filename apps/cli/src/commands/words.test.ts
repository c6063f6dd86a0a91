import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contracts from '@millwright/contracts'
import * as words from './words.ts'

test('the words of options are those of the API', () => {
  type Query = { properties: Record<string, { enum?: readonly string[] }> }
  const optionsOf = (schema: unknown, field: string) => (schema as Query).properties[field]?.enum
  const { queryTable, exportReadings } = contracts.historyOperations
  assert.deepEqual([...words.FILLS], optionsOf(queryTable.body, 'fill'))
  assert.deepEqual([...words.AGGREGATES], optionsOf(queryTable.body, 'aggregate'))
  assert.deepEqual([...words.FORMATS], optionsOf(exportReadings.body, 'format'))
  assert.deepEqual([...words.LAYOUTS], optionsOf(exportReadings.body, 'layout'))
  assert.deepEqual([...words.CONNECTIONS], optionsOf(contracts.deviceOperations.listDevices.query, 'connection'))
  assert.deepEqual([...words.BACKLOGS], optionsOf(contracts.AgentSettings, 'backlog'))
  assert.deepEqual([...words.WHEN_FULL], optionsOf(contracts.AgentSettings, 'whenFull'))
  assert.deepEqual([...words.ALARM_FILTERS], optionsOf(contracts.monitoringOperations.listAlarms.query, 'state'))
})
