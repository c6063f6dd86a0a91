import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { placeOf, project, rounds, scaleLength } from './projection.ts'

it('fits every place into the box, north up and east right', () => {
  const place = fc.record({
    latitude: fc.double({ min: -80, max: 80, noNaN: true }),
    longitude: fc.double({ min: -179, max: 179, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (places) => {
      const view = project(places, 600, 300, 40)
      for (const one of places) {
        assert.ok(view.x(one) >= 39.9 && view.x(one) <= 560.1, `x ${view.x(one)}`)
        assert.ok(view.y(one) >= 39.9 && view.y(one) <= 260.1, `y ${view.y(one)}`)
      }
    }),
  )
  const view = project(
    [
      { latitude: 52, longitude: 4 },
      { latitude: 54, longitude: 18 },
    ],
    600,
    300,
    40,
  )
  assert.ok(view.y({ latitude: 54, longitude: 18 }) < view.y({ latitude: 52, longitude: 4 }))
  assert.ok(view.x({ latitude: 54, longitude: 18 }) > view.x({ latitude: 52, longitude: 4 }))
})

it('draws its grid at round degrees and its scale at a round length', () => {
  assert.deepEqual(rounds(3.2, 8.9), [4, 5, 6, 7, 8])
  assert.deepEqual(rounds(5, 5), [])
  assert.equal(scaleLength(730), 500)
  assert.equal(scaleLength(1999), 1000)
})

it('takes for a place only what is one', () => {
  assert.deepEqual(placeOf({ latitude: 1, longitude: 2, altitude: 3 }), { latitude: 1, longitude: 2 })
  for (const other of [null, 'here', { latitude: '1', longitude: 2 }, [1, 2]]) assert.equal(placeOf(other), undefined)
})
