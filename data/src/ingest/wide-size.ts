import type { WideRow } from '@millwright/connectivity'

/** About how many bytes a wide row keeps in memory until it is committed. */
export function wideBytes(row: WideRow): number {
  const { value } = row
  if (value.kind === 'waveform') return 64 + value.samples.byteLength
  if (value.kind === 'state') return 64 + value.value.length * 2
  if (value.kind === 'position') return 96
  return 64 + weight(value.value)
}

function weight(value: unknown): number {
  if (typeof value === 'string') return 16 + value.length * 2
  if (typeof value !== 'object' || value === null) return 16
  let sum = 32
  for (const [key, inner] of Object.entries(value)) sum += key.length * 2 + weight(inner)
  return sum
}
