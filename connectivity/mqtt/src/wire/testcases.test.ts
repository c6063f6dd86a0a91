import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { decodeConnect, decodeSubscribe } from './decode.ts'
import { Framer } from './framer.ts'
import { headerRules, PACKET, packetName } from './packet-types.ts'

interface Case {
  readonly name: string
  readonly hex: readonly string[]
  readonly packets?: readonly string[]
  readonly connect?: Record<string, unknown>
  readonly subscribe?: readonly string[]
  readonly error?: string
}

const cases = JSON.parse(readFileSync(new URL('../../testcases/packets.json', import.meta.url), 'utf8')) as Case[]

describe('bytes of real clients', () => {
  for (const { name, hex, packets, connect, subscribe, error } of cases) {
    it(name, () => {
      const framer = new Framer(headerRules({ connect: 32_768, publish: 1_048_576, subscribe: 65_536 }))
      const read: { types: string[]; connect?: Record<string, unknown>; subscribe?: string[] } = { types: [] }
      const take = () => {
        for (const part of hex) {
          framer.push(Buffer.from(part, 'hex'))
          while (framer.next()) {
            read.types.push(packetName(framer.type))
            if (framer.type === PACKET.connect) read.connect = shown(decodeConnect(framer.packet, framer.body))
            if (framer.type === PACKET.subscribe) {
              read.subscribe = decodeSubscribe(framer.packet, framer.body).filters.map(({ topic }) => topic)
            }
          }
        }
      }
      if (error !== undefined) {
        assert.throws(take, { code: error })
        return
      }
      take()
      assert.deepEqual(read.types, packets)
      assert.deepEqual(read.subscribe, subscribe)
      for (const [field, value] of Object.entries(connect ?? {})) assert.deepEqual(read.connect![field], value, field)
    })
  }
})

/** CONNECT with its will's payload as text. */
function shown(connect: ReturnType<typeof decodeConnect>): Record<string, unknown> {
  const { will } = connect
  return { ...connect, will: will === undefined ? undefined : { ...will, payload: will.payload.toString() } }
}
