/** Amplitude spectrum of a real signal: Hann window, radix-2 FFT, single-sided, corrected for the window's gain. */
export interface Spectrum {
  /** Hz. */
  readonly frequency: number[]
  /** Peak amplitude, in the signal's own unit. */
  readonly amplitude: number[]
}

/** @param samples any number of them: the largest power of two that fits is used; @param rate Hz */
export function spectrum(samples: readonly number[], rate: number): Spectrum {
  const size = 2 ** Math.floor(Math.log2(Math.max(2, samples.length)))
  const mean = samples.slice(0, size).reduce((sum, value) => sum + value, 0) / size
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    re[i] = ((samples[i] ?? mean) - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
  }
  transform(re, im)
  const frequency: number[] = []
  const amplitude: number[] = []
  for (let i = 0; i < size / 2; i++) {
    frequency.push((i * rate) / size)
    // 2/N for one side, and 2 again for the Hann window's coherent gain of one half.
    amplitude.push((4 * Math.hypot(re[i]!, im[i]!)) / size)
  }
  return { frequency, amplitude }
}

/** In-place Cooley-Tukey; the length is a power of two. */
function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[re[i], re[j]] = [re[j]!, re[i]!]
      ;[im[i], im[j]] = [im[j]!, im[i]!]
    }
  }
  for (let length = 2; length <= size; length <<= 1) {
    const angle = (-2 * Math.PI) / length
    const half = length >> 1
    for (let start = 0; start < size; start += length) {
      for (let k = 0; k < half; k++) {
        const c = Math.cos(angle * k)
        const s = Math.sin(angle * k)
        const a = start + k
        const b = a + half
        const real = re[b]! * c - im[b]! * s
        const imag = re[b]! * s + im[b]! * c
        re[b] = re[a]! - real
        im[b] = im[a]! - imag
        re[a] = re[a]! + real
        im[a] = im[a]! + imag
      }
    }
  }
}
