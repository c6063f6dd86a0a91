import type { Formatter } from '../messages/format.ts'
import type { PlotLine } from './plot.tsx'
import type { Span } from './time-range.ts'
import type { DrawnSeries } from './use-series.ts'

const HEAD = 30
const ROW = 20
const PAD = 16

/** The plots as they are seen, with their title, time range and series under them, as one picture. */
export async function chartPng(
  box: HTMLElement,
  title: string,
  series: readonly DrawnSeries[],
  lines: readonly PlotLine[],
  span: Span,
  format: Formatter,
): Promise<Blob> {
  const plots = [...box.querySelectorAll('canvas')]
  const ratio = devicePixelRatio
  const width = Math.max(...plots.map((plot) => plot.width)) + 2 * PAD * ratio
  const tall = plots.reduce((sum, plot) => sum + plot.height, 0)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = tall + (HEAD + series.length * ROW + 2 * PAD) * ratio
  const ctx = canvas.getContext('2d')!
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--mw-${name}`).trim()
  ctx.fillStyle = colour('panel')
  ctx.fillRect(0, 0, width, canvas.height)
  ctx.fillStyle = colour('text')
  ctx.font = `600 ${14 * ratio}px Inter Variable, sans-serif`
  ctx.fillText(title, PAD * ratio, (PAD + 10) * ratio)
  ctx.font = `${12 * ratio}px Inter Variable, sans-serif`
  ctx.textAlign = 'right'
  ctx.fillStyle = colour('muted')
  ctx.fillText(`${format.dateTime(span.from)} – ${format.dateTime(span.to)}`, width - PAD * ratio, (PAD + 10) * ratio)
  ctx.textAlign = 'left'
  let y = (HEAD + PAD) * ratio
  for (const plot of plots) {
    ctx.drawImage(plot, PAD * ratio, y)
    y += plot.height
  }
  for (const [index, { signal }] of series.entries()) {
    const line = lines[index]!
    const top = y + (index * ROW + 12) * ratio
    ctx.strokeStyle = colour(`series-${line.colour}`)
    ctx.lineWidth = 2.5 * ratio
    ctx.setLineDash((line.dash ?? []).map((part) => part * ratio))
    ctx.beginPath()
    ctx.moveTo(PAD * ratio, top - 4 * ratio)
    ctx.lineTo((PAD + 18) * ratio, top - 4 * ratio)
    ctx.stroke()
    const unit = format.unit(signal.unit)
    ctx.fillText(
      `${signal.equipmentName ?? ''} ${signal.name}${unit === '' ? '' : ` (${unit})`}`.trim(),
      (PAD + 26) * ratio,
      top,
    )
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be made')) : resolve(blob)),
      'image/png',
    ),
  )
}
