import { type Static, Type } from 'typebox'
import { Choice, Id, Strict, Time } from './common.ts'
import { Quality } from './history.ts'
import { Alarm, AlarmTransition } from './monitoring.ts'
import { Event } from './platform.ts'

/**
 * Messages of the WebSocket at `/api/v1/live` (JSON text frames). A subscription is named by the client; the server
 * decimates to `maxRate` rows a second and signal, and drops to the newest when the client reads too slowly, saying
 * how many rows it left out.
 */
const Sub = Type.String({ minLength: 1, maxLength: 64 })

export const LiveRequest = Type.Union([
  Strict({
    type: Type.Literal('subscribe'),
    id: Sub,
    topic: Type.Literal('signals'),
    signals: Type.Array(Id('sig'), { minItems: 1, maxItems: 2000 }),
    /** Rows a second and signal at the most; default 10. */
    maxRate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 50 })),
  }),
  Strict({ type: Type.Literal('subscribe'), id: Sub, topic: Choice(['alarms', 'events']) }),
  Strict({ type: Type.Literal('unsubscribe'), id: Sub }),
  Strict({ type: Type.Literal('ping') }),
])
export type LiveRequest = Static<typeof LiveRequest>

export const LiveMessage = Type.Union([
  Strict({ type: Type.Literal('subscribed'), id: Sub }),
  /** Rows of one subscription: parallel columns, `index` into the subscription's `signals`. */
  Strict({
    type: Type.Literal('readings'),
    id: Sub,
    index: Type.Array(Type.Integer()),
    time: Type.Array(Time),
    value: Type.Array(Type.Unknown()),
    quality: Type.Array(Quality),
    leftOut: Type.Optional(Type.Integer()),
  }),
  Strict({ type: Type.Literal('alarm'), id: Sub, alarm: Alarm, transition: AlarmTransition }),
  Strict({ type: Type.Literal('event'), id: Sub, event: Event }),
  Strict({ type: Type.Literal('error'), id: Type.Optional(Sub), code: Type.String(), detail: Type.String() }),
  Strict({ type: Type.Literal('pong'), time: Time }),
])
export type LiveMessage = Static<typeof LiveMessage>
