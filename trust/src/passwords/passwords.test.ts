import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hashPassword, isOutdated, parsePhc, verifyPassword } from './argon2id.ts'
import { checkNewPassword } from './policy.ts'

test('a hash is argon2id in PHC form with today’s costs, and different each time', async () => {
  const [one, two] = await Promise.all([hashPassword('a password of mine'), hashPassword('a password of mine')])
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, two)
  assert.equal(isOutdated(one), false)
  assert.equal(await verifyPassword(one, 'a password of mine'), true)
  assert.equal(await verifyPassword(one, 'a password of mine '), false)
  assert.equal(await verifyPassword(one, ''), false)
})

test('a hash that another implementation made fits', async () => {
  // Made with the reference implementation: argon2 "somesalt" -id -t 2 -m 16 -p 1, password "password".
  const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.equal(await verifyPassword(stored, 'password'), true)
  assert.equal(await verifyPassword(stored, 'passwort'), false)
  assert.equal(isOutdated(stored), true)
})

test('one password is one, however it was composed', async () => {
  const stored = await hashPassword('Tür auf, Tür zu!'.normalize('NFD'))
  assert.equal(await verifyPassword(stored, 'Tür auf, Tür zu!'.normalize('NFC')), true)
})

test('without an account the work is done all the same, and never fits', async () => {
  const time = async (stored: string | null | undefined) => {
    const from = performance.now()
    assert.equal(await verifyPassword(stored, 'whatever it is'), false)
    return performance.now() - from
  }
  const stored = await hashPassword('something else entirely')
  const known: number[] = []
  const unknown: number[] = []
  for (let i = 0; i < 9; i++) {
    known.push(await time(stored))
    unknown.push(await time(i % 2 === 0 ? null : undefined))
  }
  const median = (of: number[]) => of.sort((a, b) => a - b)[4] ?? 0
  const ratio = median(unknown) / median(known)
  assert.ok(ratio > 1 / 3 && ratio < 3, `unknown accounts take ${ratio} of the time`)
})

test('more at once than there is room for is refused, and the rest is served', async () => {
  const all = await Promise.allSettled(Array.from({ length: 80 }, () => verifyPassword('not a hash', 'x')))
  const refused = all.filter(({ status }) => status === 'rejected')
  assert.equal(refused.length, 80 - 66)
  assert.equal((refused[0] as PromiseRejectedResult).reason.code, 'MW-PASSWORD-0004')
  assert.equal(await verifyPassword(null, 'x'), false)
})

test('text that is no PHC string is none', () => {
  fc.assert(fc.property(fc.string(), (text) => parsePhc(text) === undefined))
  for (const text of [
    '$argon2i$v=19$m=1,t=1,p=1$aaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaa',
    '$argon2id$v=19$m=,t=1,p=1$a$b',
  ]) {
    assert.equal(parsePhc(text), undefined)
  }
})

test('a new password must be long and not what everybody would try', () => {
  const owner = { email: 'ada.lovelace@plant.example', name: 'Ada Lovelace' }
  const codeOf = (password: string) => {
    try {
      checkNewPassword(password, owner)
      return 'fine'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  assert.equal(codeOf('correct horse battery staple'), 'fine')
  assert.equal(codeOf('ünïcödé ist erlaubt 🙂'), 'fine')
  assert.equal(codeOf('short'), 'MW-PASSWORD-0001')
  assert.equal(codeOf('🙂'.repeat(11)), 'MW-PASSWORD-0001')
  assert.equal(codeOf('x'.repeat(201)), 'MW-PASSWORD-0002')
  assert.equal(codeOf('aaaaaaaaaaaaaaaa'), 'MW-PASSWORD-0003')
  assert.equal(codeOf('123456789012345'), 'MW-PASSWORD-0003')
  assert.equal(codeOf('abcdefghijklmnop'), 'MW-PASSWORD-0003')
  assert.equal(codeOf('Ada.Lovelace1'), 'MW-PASSWORD-0003')
  assert.equal(codeOf('millwright2026'), 'MW-PASSWORD-0003')
  assert.equal(codeOf('Password1234'), 'MW-PASSWORD-0003')
  assert.equal(codeOf('the password of the pump house'), 'fine')
})
