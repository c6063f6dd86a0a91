/** A source whose storage never commits, for the test that kills it. */
import { TestPorts } from '@millwright/connectivity/testing'
import { mqttSourceAdapter } from '../src/index.ts'
import { JSON_MAPPING } from './world.ts'

const ports = new TestPorts()
ports.hold()
const config = { host: '127.0.0.1', port: Number(process.argv[2]), clientId: 'killed', mappings: [JSON_MAPPING] }
const source = mqttSourceAdapter.create(config, ports)
await source.start()
await ports.until(() => ports.state?.state === 'running')
console.log('running')
await ports.until(() => ports.rows.length === 1, 60_000)
console.log('taken')
