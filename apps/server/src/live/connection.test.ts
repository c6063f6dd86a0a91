import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadingRows } from '@millwright/data'
import { newId } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import { LiveConnection } from './connection.ts'
import type { LiveSources } from './sources.ts'

const SIGNAL = newId('sig')
const OTHER = newId('sig')

test('a subscription ends before its next rows when a signal was moved out of the viewer’s sight, and no other does', () => {
  const sent: { type: string; id?: string; code?: string }[] = []
  const socket = {
    bufferedAmount: 0,
    send: (text: string) => void sent.push(JSON.parse(text)),
    close: () => assert.fail('it stays open'),
  }
  const viewers = new Map<string, (rows: ReadingRows) => void>()
  const hidden = new Set<string>()
  const sources = {
    signals(_actor: unknown, [id]: readonly string[], _rate: number, viewer: { rows: (rows: ReadingRows) => void }) {
      viewers.set(id!, viewer.rows)
      return () => viewers.delete(id!)
    },
    mayRead: (_actor: unknown, ids: readonly string[]) => !ids.some((id) => hidden.has(id)),
  } as unknown as LiveSources
  const connection = new LiveConnection(socket, testActor({ tenant: newId('ten') }), sources)
  connection.request({ type: 'subscribe', id: 'one', topic: 'signals', signals: [SIGNAL] })
  connection.request({ type: 'subscribe', id: 'two', topic: 'signals', signals: [OTHER] })
  const rows = { index: [0], time: [1], value: [1], quality: [0], leftOut: 0 }
  const say = () => {
    sent.length = 0
    for (const give of [...viewers.values()]) give(rows)
    return sent.map(({ type, id, code }) => [type, id, code])
  }
  const readings = (id: string) => ['readings', id, undefined]
  assert.deepEqual(say(), [readings('one'), readings('two')])
  connection.moved()
  assert.deepEqual(say(), [readings('one'), readings('two')])
  hidden.add(SIGNAL)
  connection.moved()
  assert.deepEqual(say(), [['error', 'one', 'MW-LIVE-0004'], readings('two')])
  assert.deepEqual(say(), [readings('two')])
})
