import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sizeOfHello } from './hello.ts'

function hello(address: string): Buffer {
  const url = Buffer.from(address)
  const message = Buffer.alloc(32 + url.length)
  message.write('HELF', 0, 'latin1')
  message.writeUInt32LE(message.length, 4)
  message.writeUInt32LE(url.length, 28)
  url.copy(message, 32)
  return message
}

test('a Hello is known when it is whole, in any pieces, and nothing else is one', () => {
  const whole = hello('opc.tcp://localhost:4840')
  fc.assert(fc.property(fc.nat({ max: whole.length - 1 }), (cut) => sizeOfHello(whole.subarray(0, cut)) === 'more'))
  assert.equal(sizeOfHello(whole), 'whole')
  assert.equal(sizeOfHello(Buffer.concat([whole, Buffer.from('OPNF')])), 'whole')
  assert.equal(sizeOfHello(Buffer.from('HELF\xff\xff\xff\xff', 'latin1')), 'none')
  assert.equal(sizeOfHello(Buffer.from('HELF\x08\x00\x00\x00', 'latin1')), 'none')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (bytes) => {
      fc.pre(bytes[0] !== 0x48)
      return sizeOfHello(Buffer.from(bytes)) === 'none'
    }),
  )
})
