import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { type Labelled, placeLabels } from './label-places.ts'

const WIDTH = 600
const HEIGHT = 260
const place = (id: string, x: number, y: number, rank = 0): Labelled => ({ id, x, y, width: 50, rank })

it('puts a name beside its place when nothing is near', () => {
  const found = placeLabels([place('alone', 300, 130)], WIDTH, HEIGHT)
  assert.deepEqual(found.get('alone'), { left: 14, middle: 0, leader: undefined })
  const edge = placeLabels([place('edge', 580, 130)], WIDTH, HEIGHT).get('edge')!
  assert.ok(edge.left < -50, 'at the right edge it stands to the left')
})

it('leads names away by a line where machines stand close', () => {
  const close = Array.from({ length: 6 }, (_, index) => place(`P-${index}`, 300 + index * 6, 130 + index * 3))
  const found = placeLabels(close, WIDTH, HEIGHT)
  assert.equal(found.size, close.length)
  assert.ok([...found.values()].some((one) => one.leader !== undefined))
})

it('serves what is abnormal first when there is room for few', () => {
  const crowd = Array.from({ length: 80 }, (_, index) => place(`P-${index}`, 300 + (index % 9), 130, 4))
  const found = placeLabels([...crowd, place('worst', 304, 130, 0)], WIDTH, HEIGHT)
  assert.ok(found.has('worst'))
  assert.ok(found.size < crowd.length)
})

it('never lets a name cover another name, another place or the edge', () => {
  const any = fc.record({
    x: fc.integer({ min: 48, max: WIDTH - 48 }),
    y: fc.integer({ min: 48, max: HEIGHT - 48 }),
    width: fc.integer({ min: 10, max: 160 }),
    rank: fc.integer({ min: 0, max: 4 }),
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), (drawn) => {
      const places = drawn.map((one, index) => ({ ...one, id: String(index) }))
      const boxes = [...placeLabels(places, WIDTH, HEIGHT)].map(([id, { left, middle }]) => {
        const at = places[Number(id)]!
        return {
          id,
          left: at.x + left,
          right: at.x + left + at.width,
          top: at.y + middle - 8,
          bottom: at.y + middle + 8,
        }
      })
      const apart = (a: Omit<(typeof boxes)[0], 'id'>, b: Omit<(typeof boxes)[0], 'id'>) =>
        a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
      for (const [index, box] of boxes.entries()) {
        assert.ok(box.left >= 0 && box.right <= WIDTH && box.top >= 0 && box.bottom <= HEIGHT)
        for (const other of boxes.slice(index + 1)) assert.ok(apart(box, other))
        for (const one of places) {
          const mark = { left: one.x - 10, right: one.x + 10, top: one.y - 10, bottom: one.y + 10 }
          assert.ok(one.id === box.id || apart(box, mark))
        }
      }
    }),
  )
})
