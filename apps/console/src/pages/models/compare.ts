import type { ServiceReport, ServiceVersion } from '../../api/types.ts'

/** A line of two versions side by side; undefined: one of them does not have it. */
export interface ComparedFigure {
  readonly name: string
  readonly unit: string
  readonly left: number | undefined
  readonly right: number | undefined
}

/** Figures of both, in the order of the first; those of the validation before the others. */
export function comparedFigures(left: ServiceReport | null, right: ServiceReport | null): ComparedFigure[] {
  const [a, b] = [figuresOf(left), figuresOf(right)]
  return [...new Set([...a.keys(), ...b.keys()])].map((key) => ({
    name: key,
    unit: (a.get(key) ?? b.get(key))!.unit,
    left: a.get(key)?.value,
    right: b.get(key)?.value,
  }))
}

const figuresOf = (report: ServiceReport | null) =>
  new Map([...(report?.validation?.figures ?? []), ...(report?.figures ?? [])].map((figure) => [figure.name, figure]))

/** Settings that are not the same in both, by name. */
export function changedSettings(
  left: Pick<ServiceVersion, 'settings'>,
  right: Pick<ServiceVersion, 'settings'>,
): { name: string; left: string; right: string }[] {
  const names = new Set([...Object.keys(left.settings), ...Object.keys(right.settings)])
  return [...names]
    .map((name) => ({ name, left: words(left.settings[name]), right: words(right.settings[name]) }))
    .filter((one) => one.left !== one.right)
}

const words = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
