import type { VibrationDiagnosis, VibrationSpectrum } from '../../api/types.ts'

/** Something marked on the axis of a spectrum. */
export interface Mark {
  readonly name: string
  readonly x: number
  /** `evidence`: a line that speaks for a fault; `fault`: where one would show; `cursor`: of the person's own. */
  readonly kind: 'evidence' | 'fault' | 'cursor'
}

/** Index of the highest line of a spectrum, the one at zero left out. */
export function highest({ amplitude }: VibrationSpectrum): number {
  let at = Math.min(1, amplitude.length - 1)
  for (let k = 1; k < amplitude.length; k++) if (amplitude[k]! > amplitude[at]!) at = k
  return at
}

export const xOf = ({ first, step }: Pick<VibrationSpectrum, 'first' | 'step'>, line: number): number =>
  first + line * step

/** The line nearest to a place on the axis. */
export const lineAt = ({ first, step, amplitude }: VibrationSpectrum, x: number): number =>
  Math.max(0, Math.min(amplitude.length - 1, Math.round((x - first) / step)))

/** Cursor marks: multiples of a frequency, and sidebands at a spacing around it. */
export function cursorMarks(x: number, harmonics: number, spacing: number, end: number): Mark[] {
  const found: Mark[] = []
  for (let n = 1; n <= harmonics && n * x <= end; n++)
    found.push({ name: n === 1 ? '' : `${n}×`, x: n * x, kind: 'cursor' })
  for (let n = 1; spacing > 0 && n <= 3; n++)
    for (const side of [-1, 1]) {
      const at = x + side * n * spacing
      if (at > 0 && at <= end) found.push({ name: `${side < 0 ? '−' : '+'}${n}`, x: at, kind: 'cursor' })
    }
  return found
}

/**
 * Where the faults of this machine would show, and the lines that speak for the chosen one; orders count turns of the
 * shaft, a cepstrum seconds.
 */
export function diagnosisMarks(
  diagnosis: VibrationDiagnosis | undefined,
  spectrum: Pick<VibrationSpectrum, 'axis' | 'shaft' | 'kind'>,
  chosen: VibrationDiagnosis['findings'][number] | undefined,
): Mark[] {
  if (diagnosis === undefined) return []
  // A family of lines gathers in the cepstrum at its period.
  const place = (hertz: number) =>
    spectrum.axis === 's' ? 1 / hertz : spectrum.axis === 'Hz' ? hertz : hertz / (spectrum.shaft ?? 1)
  const evidence = (chosen?.lines ?? [])
    .filter(({ significant }) => significant)
    .map(({ name, frequency }): Mark => ({ name, x: place(frequency), kind: 'evidence' }))
  const faults = diagnosis.frequencies
    // Rates of bearings show in the envelope, those of shafts and gears in the plain spectrum.
    .filter(
      ({ part, name }) =>
        spectrum.kind === 'order' ||
        (spectrum.kind === 'envelope' || spectrum.kind === 'cepstrum') === isBearing(part, name),
    )
    .filter(({ name }) => !evidence.some((mark) => mark.name === name))
    .map(({ name, frequency }): Mark => ({ name, x: place(frequency), kind: 'fault' }))
  return [...evidence, ...faults]
}

const isBearing = (part: string, name: string): boolean => part !== 'shaft' && /^(BPFO|BPFI|2×BSF|FTF)$/.test(name)
