import assert from 'node:assert/strict'
import { it } from 'node:test'
import { spectrum } from './spectrum.ts'

it('finds the amplitude and frequency of a sine, whatever offset it rides on', () => {
  const rate = 25_600
  const samples = Array.from({ length: 4096 }, (_, i) => 7 + 2.5 * Math.sin((2 * Math.PI * 1000 * i) / rate))
  const { frequency, amplitude } = spectrum(samples, rate)
  const top = amplitude.indexOf(Math.max(...amplitude))
  assert.ok(Math.abs(frequency[top]! - 1000) < rate / 4096, `${frequency[top]} Hz`)
  assert.ok(Math.abs(amplitude[top]! - 2.5) < 0.05, `${amplitude[top]}`)
  assert.ok(amplitude[0]! < 0.01, 'the offset is taken away')
})

it('uses the largest power of two that fits, and survives next to nothing', () => {
  assert.equal(spectrum(new Array(1500).fill(0), 100).frequency.length, 512)
  assert.equal(spectrum([1], 100).frequency.length, 1)
})
