/** `0 – 60`, `≥ 0`, `≤ 60`; empty without limits. */
export function limits(
  { min, max }: { min?: number | null; max?: number | null },
  show: (value: number) => string,
): string {
  if (min != null && max != null) return `${show(min)} – ${show(max)}`
  return min != null ? `≥ ${show(min)}` : max != null ? `≤ ${show(max)}` : ''
}
