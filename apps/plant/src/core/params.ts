/** Reads one number from a command's parameters. Throws an Error with a sentence when it does not fit. */
export function numberFrom(params: unknown, name: string, low: number, high: number): number {
  const value = typeof params === 'object' && params !== null ? (params as Record<string, unknown>)[name] : params
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`${name} must be a number`)
  if (value < low || value > high) throw new Error(`${name} must lie between ${low} and ${high}, and is ${value}`)
  return value
}
