import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from './log.ts'

test('secrets never reach the log, at the top or inside what is logged', () => {
  const lines: string[] = []
  const log = createLog({ destination: { write: (line) => void lines.push(line) } })
  const secret = 'geheim'
  log.info({ password: secret, token: secret, csr: secret, user: { passphrase: secret, name: 'Ada' } }, 'sign-in')
  log.info({ req: { headers: { authorization: secret, cookie: secret } }, secret, key: secret }, 'request')
  log.child({ device: 'dev_1' }).warn({ config: { privateKey: secret } }, 'child')
  assert.equal(lines.length, 3)
  assert.doesNotMatch(lines.join(''), /geheim/)
  const first = JSON.parse(lines[0]!)
  assert.equal(first.user.name, 'Ada')
  assert.equal(first.level, 'info')
  assert.match(first.time, /^\d{4}-.*Z$/)
})

test('below its level nothing is written', () => {
  const lines: string[] = []
  const log = createLog({ level: 'warn', destination: { write: (line) => void lines.push(line) } })
  log.info('no')
  log.warn('yes')
  assert.equal(lines.length, 1)
})

test('pretty lines are for reading', () => {
  const lines: string[] = []
  const log = createLog({ format: 'pretty', destination: { write: (line) => void lines.push(line) } })
  log.info({ port: 8080, token: 'geheim' }, 'listening')
  assert.match(lines.join(''), /INFO.*listening[\s\S]*port: 8080/)
  assert.doesNotMatch(lines.join(''), /geheim/)
})
