import type uPlot from 'uplot'
import type { Priority } from '../api/types.ts'
import type { QualitySpan } from './columns.ts'
import type { Span } from './time-range.ts'

/** An alarm on the time axis; `to` undefined: it still stands. */
export interface AlarmMark {
  readonly id: string
  readonly from: number
  readonly to: number | undefined
  readonly priority: Priority
  readonly text: string
}

/** What is painted around the lines: shading behind them, marks on the time axis. Times in µs. */
export interface Backdrop {
  readonly quality: readonly QualitySpan[]
  readonly marks: readonly AlarmMark[]
  /** The stretch before, and the stretch that is compared with it. */
  readonly compare: readonly [before: Span, chosen: Span] | undefined
  /** When the live link was lost: what is right of it is not known. */
  readonly lostSince: number | undefined
  readonly limits: readonly number[]
}

export interface Paints {
  readonly uncertain: string
  readonly bad: string
  readonly line: string
  readonly text: string
  readonly accent: string
  readonly priority: Record<Priority, string>
}

const seconds = (time: number) => time / 1e6

/** Behind the lines. */
export function paintBehind(u: uPlot, { quality, compare, lostSince, limits }: Backdrop, paints: Paints): void {
  const { ctx, bbox } = u
  const x = (time: number) =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, u.valToPos(seconds(time), 'x', true)))
  const block = (from: number, to: number, colour: string, least = 0) => {
    const left = x(from)
    const width = Math.max(x(to) - left, least)
    if (x(to) <= bbox.left || left >= bbox.left + bbox.width) return
    ctx.fillStyle = colour
    ctx.fillRect(left, bbox.top, width, bbox.height)
  }
  ctx.save()
  for (const span of quality) block(span.from, span.to, span.severity === 'bad' ? paints.bad : paints.uncertain, 2)
  if (compare !== undefined) {
    block(compare[0].from, compare[0].to, `${paints.accent}14`)
    block(compare[1].from, compare[1].to, `${paints.accent}2e`)
    ctx.fillStyle = paints.accent
    ctx.textAlign = 'left'
    ctx.textBaseline = 'alphabetic'
    ctx.font = `600 ${11 * devicePixelRatio}px Inter Variable, sans-serif`
    for (const [index, name] of ['A', 'B'].entries())
      ctx.fillText(name, x(compare[index]!.from) + 4, bbox.top + 13 * devicePixelRatio)
  }
  if (lostSince !== undefined) block(lostSince, Number.MAX_SAFE_INTEGER, paints.bad)
  ctx.strokeStyle = paints.text
  ctx.globalAlpha = 0.45
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio])
  for (const limit of limits) {
    const y = u.valToPos(limit, 'y', true)
    if (y > bbox.top && y < bbox.top + bbox.height) stroke(ctx, bbox.left, y, bbox.left + bbox.width, y)
  }
  ctx.setLineDash([])
  ctx.globalAlpha = 1
  ctx.strokeStyle = paints.line
  const zero = u.valToPos(0, 'y', true)
  if (zero > bbox.top + 1 && zero < bbox.top + bbox.height - 1)
    stroke(ctx, bbox.left, zero, bbox.left + bbox.width, zero)
  ctx.restore()
}

/** Over the lines: the alarms, as a bar along the time axis and a shape where each began. */
export function paintMarks(u: uPlot, { marks }: Backdrop, paints: Paints): void {
  const { ctx, bbox } = u
  const ratio = devicePixelRatio
  const bottom = bbox.top + bbox.height
  const right = bbox.left + bbox.width
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left - 8 * ratio, bbox.top, bbox.width + 16 * ratio, bbox.height + 10 * ratio)
  ctx.clip()
  for (const mark of marks) {
    const from = u.valToPos(seconds(mark.from), 'x', true)
    const to = mark.to === undefined ? right : Math.min(right, u.valToPos(seconds(mark.to), 'x', true))
    if (to < bbox.left || from > right) continue
    ctx.fillStyle = ctx.strokeStyle = paints.priority[mark.priority]
    ctx.globalAlpha = 0.35
    ctx.fillRect(
      Math.max(bbox.left, from),
      bottom - 3 * ratio,
      Math.max(2 * ratio, to - Math.max(bbox.left, from)),
      3 * ratio,
    )
    if (from < bbox.left) continue
    ctx.globalAlpha = 0.7
    ctx.lineWidth = ratio
    ctx.setLineDash([3 * ratio, 3 * ratio])
    stroke(ctx, from, bbox.top, from, bottom - 4 * ratio)
    ctx.setLineDash([])
    ctx.globalAlpha = 1
    shape(ctx, mark.priority, from, bottom - 1.5 * ratio, 5.5 * ratio)
  }
  ctx.restore()
}

function stroke(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath()
  ctx.moveTo(x1, y1)
  ctx.lineTo(x2, y2)
  ctx.stroke()
}

/** The priority's own shape: octagon, triangle, diamond, circle. */
function shape(ctx: CanvasRenderingContext2D, priority: Priority, x: number, y: number, r: number): void {
  ctx.beginPath()
  if (priority === 'low') ctx.arc(x, y, r, 0, Math.PI * 2)
  else {
    const corners = { critical: 8, high: 3, medium: 4 }[priority]
    const turn = priority === 'critical' ? Math.PI / 8 : -Math.PI / 2
    for (let i = 0; i < corners; i++) {
      const angle = turn + (i * 2 * Math.PI) / corners
      ctx.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle))
    }
  }
  ctx.closePath()
  ctx.fill()
}
