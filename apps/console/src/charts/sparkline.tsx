/** A small line without axes; nulls break it. Its numbers stand beside it, so it is hidden from screen readers. */
export function Sparkline({
  time,
  value,
  width = 96,
  height = 24,
  colour = 'var(--mw-muted)',
  from,
  to,
}: {
  time: readonly number[]
  value: readonly (number | null)[]
  width?: number
  height?: number
  colour?: string
  from?: number
  to?: number
}) {
  const known = value.filter((one): one is number => one !== null)
  if (known.length < 2) return <svg width={width} height={height} aria-hidden="true" />
  const start = from ?? time[0]!
  const span = Math.max(1, (to ?? time.at(-1)!) - start)
  const low = Math.min(...known)
  const high = Math.max(...known)
  const range = high - low
  let path = ''
  let pen = 'M'
  for (let i = 0; i < time.length; i++) {
    const at = value[i]
    if (at === null || at === undefined) {
      pen = 'M'
      continue
    }
    const x = ((time[i]! - start) / span) * width
    const y = range === 0 ? height / 2 : 2 + (1 - (at - low) / range) * (height - 4)
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`
    pen = 'L'
  }
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      style={{ display: 'block', overflow: 'visible' }}
    >
      <path d={path} fill="none" stroke={colour} strokeWidth="1.4" strokeLinejoin="round" />
    </svg>
  )
}
