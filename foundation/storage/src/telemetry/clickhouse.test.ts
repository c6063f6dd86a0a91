import { test } from 'node:test'
import { telemetryContract } from '../testing/index.ts'
import { openTelemetry } from './open.ts'

const url = process.env['MILLWRIGHT_TEST_CLICKHOUSE_URL']
if (url === undefined || url === '') {
  const skip = 'no ClickHouse server: set MILLWRIGHT_TEST_CLICKHOUSE_URL to http://user:password@host:8123/database'
  test('ClickHouse: the telemetry contract', { skip })
} else {
  const { origin, username, password, pathname } = new URL(url)
  const server = { url: origin, user: username || 'default', password, database: pathname.slice(1) || 'default' }
  telemetryContract('ClickHouse', () => openTelemetry(server))
}
