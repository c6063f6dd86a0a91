export type WindowName = 'rectangular' | 'hann' | 'flat-top'

/** Coefficients of the cosine terms: Hann; flat top after ISO 18431-2:2004. */
const TERMS: Readonly<Record<WindowName, readonly number[]>> = {
  rectangular: [1],
  hann: [1, -1],
  'flat-top': [1, -1.933, 1.286, -0.388, 0.0322],
}

/** `length` weights, periodic (DFT-even) as spectra need them. */
export function windowOf(name: WindowName, length: number): Float64Array {
  const turn = (2 * Math.PI) / length
  return Float64Array.from({ length }, (_, i) =>
    TERMS[name].reduce((sum, term, k) => sum + term * Math.cos(k * turn * i), 0),
  )
}
