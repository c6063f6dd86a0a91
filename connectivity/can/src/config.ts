import { folderFields } from '@millwright/connectivity-files'
import { Choice, Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'

const Interface = Type.String({
  title: 'Interface',
  description: 'Network interface of the bus, as can0; "any" is all of them',
  default: 'can0',
  minLength: 1,
  maxLength: 15,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
})
const Send = Type.Boolean({
  title: 'May send',
  description: 'Allows the command send { frame: "123#DEADBEEF" }',
  default: false,
})

export const database = Strict({
  name: Type.Optional(Type.String({ title: 'Name', description: 'For people', maxLength: 120 })),
  bus: Type.Optional(
    Type.String({
      title: 'Bus',
      description: 'Interface or channel it is of; absent: of all',
      minLength: 1,
      maxLength: 40,
    }),
  ),
  dbc: Type.String({ title: 'DBC', description: 'Content of the .dbc file', minLength: 1, maxLength: 4 << 20 }),
})

/** What decoding of frames needs; MDF's bus logging uses it too. */
export const decodingFields = {
  databases: Type.Array(database, {
    title: 'CAN databases',
    description: 'What the frames mean; import .dbc files',
    default: [],
    maxItems: 50,
  }),
  metric: Type.Unsafe<'message.signal' | 'signal'>({
    ...Choice(['message.signal', 'signal']),
    title: 'Metric name',
    description: 'Of message and signal, or of the signal alone',
    default: 'message.signal',
  }),
  device: Type.Unsafe<'sender' | 'none'>({
    ...Choice(['sender', 'none']),
    title: 'Device',
    description:
      'sender: the node that sends the message (J1939: the source address); none: all is the connection’s own',
    default: 'sender',
  }),
  signalInterval: Type.Integer({
    title: 'Shortest interval (ms)',
    description: 'A signal is read at most so often; 0: each frame counts',
    default: 0,
    minimum: 0,
    maximum: 3_600_000,
  }),
}

export const canConfig = Strict({
  source: Type.Union(
    [
      Strict({ type: Type.Literal('socketcan', { title: 'SocketCAN, by candump' }), interface: Interface, send: Send }),
      Strict({
        type: Type.Literal('socketcand', { title: 'socketcand (TCP)' }),
        host: Type.String({ title: 'Host', description: 'Where socketcand runs', minLength: 1, maxLength: 253 }),
        port: Type.Integer({ title: 'Port', description: 'TCP', default: 29_536, minimum: 1, maximum: 65_535 }),
        interface: Interface,
        send: Send,
      }),
      Strict({
        type: Type.Literal('logs', { title: 'Log files' }),
        ...folderFields('*.log'),
        zone: Type.String({
          title: 'Time zone',
          description: 'Of the date in ASC files',
          default: 'UTC',
          minLength: 1,
          maxLength: 60,
        }),
      }),
    ],
    { title: 'Source', description: 'Where frames come from' },
  ),
  ...decodingFields,
})
export type CanConfig = Static<typeof canConfig>
export type CanDatabase = Static<typeof database>
