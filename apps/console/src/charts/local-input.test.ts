import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { fromLocalInput, toLocalInput } from './local-input.ts'

const at = (iso: string) => Date.parse(iso) * 1000

it("shows and reads a time in the viewer's zone, not the machine's", () => {
  assert.equal(toLocalInput(at('2026-07-01T12:00:00Z'), 'Europe/Amsterdam'), '2026-07-01T14:00:00')
  assert.equal(fromLocalInput('2026-07-01T14:00', 'Europe/Amsterdam'), at('2026-07-01T12:00:00Z'))
  assert.equal(fromLocalInput('2026-01-01T00:30:15', 'Asia/Kolkata'), at('2025-12-31T19:00:15Z'))
  assert.equal(fromLocalInput('tomorrow', 'UTC'), undefined)
})

it('comes back to the same second in any zone, but for the hour that autumn doubles', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Amsterdam', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Auckland')
  fc.assert(
    fc.property(fc.integer({ min: 1_500_000_000, max: 2_000_000_000 }), zones, (seconds, zone) => {
      const time = seconds * 1_000_000
      const back = fromLocalInput(toLocalInput(time, zone), zone)!
      assert.ok(Math.abs(back - time) === 0 || Math.abs(back - time) === 3_600_000_000, `${time} ${back} ${zone}`)
      assert.equal(toLocalInput(back, zone), toLocalInput(time, zone))
    }),
  )
})
