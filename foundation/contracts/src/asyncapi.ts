import { type JsonObject, referenced, sorted } from './components.ts'
import { type DeviceTopic, deviceTopics } from './device-protocol.ts'
import { LiveMessage, LiveRequest } from './live.ts'

/** The AsyncAPI 3.0 document: what devices say and hear on MQTT, and the live WebSocket of the console. */
export function asyncApiDocument(version: string): JsonObject {
  const schemas: JsonObject = {}
  const channels: JsonObject = {}
  const operations: JsonObject = {}
  for (const topic of deviceTopics) {
    channels[topic.id] = channel(topic, schemas)
    operations[topic.id] = {
      action: topic.direction,
      channel: { $ref: `#/channels/${topic.id}` },
      summary: topic.summary,
    }
  }
  channels['live'] = {
    address: '/api/v1/live',
    servers: [{ $ref: '#/servers/http' }],
    messages: {
      request: { payload: referenced(LiveRequest, schemas) },
      message: { payload: referenced(LiveMessage, schemas) },
    },
  }
  operations['liveRequest'] = liveOperation('send', 'request', 'Subscribe to signals, alarms and events')
  operations['liveMessage'] = liveOperation('receive', 'message', 'Rows, alarms and events as they happen')
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Millwright: devices and live data',
      version,
      description: 'Seen from the client. Topics are as a device sees them: each device has its own.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: {
      mqtt: {
        host: 'localhost:8883',
        protocol: 'secure-mqtt',
        protocolVersion: '3.1.1',
        security: [{ type: 'X509' }, { type: 'userPassword', description: 'The user name is the device token' }],
      },
      http: { host: 'localhost:8080', protocol: 'wss', security: [{ type: 'http', scheme: 'bearer' }] },
    },
    channels,
    operations,
    components: { schemas: sorted(schemas) },
  }
}

function channel(topic: DeviceTopic, schemas: JsonObject): JsonObject {
  const parameters = Object.fromEntries([...topic.topic.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, {}]))
  return {
    address: topic.topic,
    servers: [{ $ref: '#/servers/mqtt' }],
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    messages: {
      [topic.id]: { contentType: topic.contentType ?? 'application/json', payload: referenced(topic.payload, schemas) },
    },
  }
}

const liveOperation = (action: 'send' | 'receive', message: string, summary: string): JsonObject => ({
  action,
  channel: { $ref: '#/channels/live' },
  messages: [{ $ref: `#/channels/live/messages/${message}` }],
  summary,
})
