import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CommandDesk } from './commands.ts'
import { DeviceError } from './errors.ts'
import { encodeTelemetry } from './message.ts'
import { parseEnrolmentToken } from './token.ts'
import { DesiredState, TWIN_DESIRED } from './twin.ts'

const PAYLOAD = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record({ name: fc.anything(), params: fc.anything(), version: fc.anything(), document: fc.anything() })
    .map((value) => {
      try {
        return Buffer.from(JSON.stringify(value))
      } catch {
        // What JSON cannot write is not sent.
        return Buffer.alloc(0)
      }
    }),
)

test('property: any bytes as a command are answered with JSON, never thrown', async () => {
  await fc.assert(
    fc.asyncProperty(PAYLOAD, async (payload) => {
      const answers: string[] = []
      const desk = new CommandDesk((_, answer) => answers.push(answer))
      desk.handle('*', (params) => params)
      assert.equal(await desk.receive('mw/v1/commands/c1', payload), true)
      assert.equal(typeof (JSON.parse(answers[0]!) as { ok: unknown }).ok, 'boolean')
    }),
  )
})

test('property: any bytes as a desired state are passed over or kept, never thrown', () => {
  fc.assert(
    fc.property(PAYLOAD, (payload) => {
      const desired = new DesiredState(() => {})
      assert.equal(desired.receive(TWIN_DESIRED, payload), true)
      const kept = desired.current
      assert.ok(kept === undefined || (typeof kept.version === 'number' && typeof kept.document === 'object'))
    }),
  )
})

test('topics that are not commands are left alone', async () => {
  const desk = new CommandDesk(() => assert.fail('no answer is due'))
  for (const topic of ['mw/v1/commands/a/b', 'mw/v1/commands/', 'x/mw/v1/commands/a', TWIN_DESIRED]) {
    assert.equal(await desk.receive(topic, Buffer.from('{}')), false)
  }
})

test('property: any text is a token or refused as one', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseEnrolmentToken(text)
      } catch (error) {
        assert.ok(error instanceof DeviceError && error.code === 'token-malformed')
      }
    }),
  )
})

test('property: finite numbers go out as they are, others as null', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const sent = (JSON.parse(encodeTelemetry({ values: { value } })) as { values: { value: number | null } }).values
        .value
      if (!Number.isFinite(value)) assert.equal(sent, null)
      else assert.ok(sent === value)
    }),
  )
  assert.throws(
    () => encodeTelemetry({ values: { text: 'x'.repeat(1024 * 1024) } }),
    (error: unknown) => (error as DeviceError).code === 'payload-too-large',
  )
})
