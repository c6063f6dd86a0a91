import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createLog, MINUTE, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { RefusalLog } from './refusal-log.ts'

it('refusals are logged once a minute for each peer and reason, and counted between', async () => {
  const lines: { code: string; peer: string; repeated?: number }[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const clock = new VirtualClock()
  const refusals = new RefusalLog(createLog({ destination }), clock)
  for (let n = 0; n < 5; n++) {
    refusals.note('a', 'X', { peer: 'a' }, 'refused')
    await clock.advance(SECOND)
  }
  refusals.note('b', 'X', { peer: 'b' }, 'refused')
  refusals.note('a', 'Y', { peer: 'a' }, 'refused')
  await clock.advance(MINUTE)
  refusals.note('a', 'X', { peer: 'a' }, 'refused')
  assert.deepEqual(
    lines.map(({ code, peer, repeated }) => [code, peer, repeated]),
    [
      ['X', 'a', undefined],
      ['X', 'b', undefined],
      ['Y', 'a', undefined],
      ['X', 'a', 4],
    ],
  )
})
