import { useEffect, useState } from 'react'
import { type Span, spanOf, type TimeRange } from './time-range.ts'

const nowMicros = () => Date.now() * 1000

/** A range as times; one that follows now moves about a pixel at a time, and stands still while the tab is hidden. */
export function useMovingSpan(range: TimeRange, pixels: number): Span {
  const [now, setNow] = useState(nowMicros)
  const follows = range.kind === 'last'
  const pace = follows ? Math.min(1_000, Math.max(100, range.span / 1000 / Math.max(200, pixels))) : 0
  useEffect(() => {
    if (!follows) return
    setNow(nowMicros())
    const timer = setInterval(() => {
      if (!document.hidden) setNow(nowMicros())
    }, pace)
    return () => clearInterval(timer)
  }, [follows, pace])
  return spanOf(range, now)
}
