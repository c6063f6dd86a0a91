import { gaussian, type Random, seeded } from '../../learning/random.ts'
import type { Waveform } from '../signal/waveform.ts'

/** A machine of known physics that tests listen to: what is added to it is what a diagnosis has to find. */
export class SimulatedMachine {
  readonly #samples: Float64Array
  readonly #sampleRate: number
  readonly #random: Random

  /** @param noise m/s², standard deviation of broadband noise */
  constructor(seed: number, { sampleRate = 25_600, seconds = 1, noise = 0.3 } = {}) {
    this.#random = seeded(seed)
    this.#sampleRate = sampleRate
    this.#samples = Float64Array.from(
      { length: Math.round(sampleRate * seconds) },
      () => noise * gaussian(this.#random),
    )
  }

  /** A line of velocity: mm/s RMS at Hz. */
  velocity(frequency: number, rms: number): this {
    return this.tone(frequency, (Math.SQRT2 * rms * 2 * Math.PI * frequency) / 1000)
  }

  /** A line of acceleration: m/s² peak at Hz, random phase. */
  tone(frequency: number, amplitude: number): this {
    const phase = 2 * Math.PI * this.#random()
    return this.#add((t) => amplitude * Math.sin(2 * Math.PI * frequency * t + phase))
  }

  /**
   * Impacts at a rate, each ringing down in a resonance (McFadden and Smith, J. Sound and Vibration 96, 1984), with 1 %
   * random slip (Antoni), their height modulated at `load` Hz as a spot passes the load zone.
   */
  impacts(rate: number, height: number, { resonance = 3_400, damping = 0.045, load = 0, depth = 0.8 } = {}): this {
    const decay = 2 * Math.PI * resonance * damping
    const ring = Math.ceil((7 / decay) * this.#sampleRate)
    for (let due = 0; due < this.#samples.length / this.#sampleRate; due += 1 / rate) {
      const at = due + (0.01 / rate) * gaussian(this.#random)
      const strength = height * (1 + depth * (load > 0 ? Math.cos(2 * Math.PI * load * due) : 0))
      const first = Math.max(0, Math.ceil(at * this.#sampleRate))
      for (let i = first; i < Math.min(this.#samples.length, first + ring); i++) {
        const t = i / this.#sampleRate - at
        this.#samples[i]! += strength * Math.exp(-decay * t) * Math.sin(2 * Math.PI * resonance * t)
      }
    }
    return this
  }

  /** A mesh whose amplitude one wheel modulates. */
  gear(mesh: number, amplitude: number, wheel: number, modulation: number): this {
    for (let n = 1; n <= 3; n++)
      this.#add(
        (t) =>
          (amplitude / n) *
          (1 + modulation * (Math.cos(2 * Math.PI * wheel * t) + 0.6 * Math.cos(4 * Math.PI * wheel * t))) *
          Math.sin(2 * Math.PI * n * mesh * t),
      )
    return this
  }

  /** Bursts at random times and frequencies above 4 kHz. */
  bursts(perSecond: number, height: number): this {
    const count = Math.round((perSecond * this.#samples.length) / this.#sampleRate)
    for (let n = 0; n < count; n++) {
      const start = Math.floor(this.#random() * this.#samples.length)
      const frequency = 4_500 + 7_000 * this.#random()
      const strength = height * this.#random()
      for (let i = start; i < Math.min(this.#samples.length, start + 80); i++) {
        const t = (i - start) / this.#sampleRate
        this.#samples[i]! += strength * Math.exp(-t * 2_000) * Math.sin(2 * Math.PI * frequency * t)
      }
    }
    return this
  }

  waveform(): Waveform {
    return { samples: this.#samples.slice(), sampleRate: this.#sampleRate }
  }

  #add(value: (seconds: number) => number): this {
    for (let i = 0; i < this.#samples.length; i++) this.#samples[i]! += value(i / this.#sampleRate)
    return this
  }
}
