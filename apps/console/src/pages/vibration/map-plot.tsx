import { useComputedColorScheme } from '@mantine/core'
import { type PointerEvent, useEffect, useRef } from 'react'
import type { VibrationMap } from '../../api/types.ts'
import { useWidth } from '../../charts/use-width.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { ticks } from './axes.ts'
import styles from './vibration.module.css'

const HEIGHT = 320
const LEFT = 56
const RIGHT = 12
const TOP = 24
const BOTTOM = 28

interface MapPlotProps {
  map: VibrationMap
  label: string
  /** A column was chosen. */
  onTime?: (time: number) => void
}

/** Spectra side by side, time to the right, frequency upwards, the stronger the darker (or lighter, on dark). */
export function MapPlot({ map, label, onTime }: MapPlotProps) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const { ref, width } = useWidth<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const inner = Math.max(50, width - LEFT - RIGHT)
  const height = HEIGHT - TOP - BOTTOM
  const columns = map.times.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme, another palette: it is read from the page
  useEffect(() => {
    if (canvas.current !== null && width > 0) paint(canvas.current, map)
  }, [map, width, scheme])
  const top = map.rows * map.step
  const first = map.times[0] ?? 0
  const last = map.times.at(-1) ?? first
  const point = (event: PointerEvent) => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const column = Math.floor((columns * (event.clientX - left)) / inner)
    const time = map.times[Math.max(0, Math.min(columns - 1, column))]
    if (time !== undefined) onTime?.(time)
  }
  const yTicks = ticks(top, 5)
  const yTexts = format.scale(yTicks)
  const within = last - first < 10_000_000
  const marks = [0, 0.5, 1].map((part) => ({ part, time: first + part * (last - first) }))
  return (
    <div ref={ref} className={styles.plot} style={{ height: HEIGHT }}>
      {width > 0 && (
        <>
          <canvas
            ref={canvas}
            role="img"
            aria-label={label}
            className={onTime === undefined ? styles.map : styles.mapToChoose}
            style={{ left: LEFT, top: TOP, width: inner, height }}
            onPointerDown={point}
          />
          <svg width={width} height={HEIGHT} className={styles.over} aria-hidden>
            {yTicks.map((value, n) => (
              <text
                key={value}
                x={LEFT - 6}
                y={TOP + height - (height * value) / top + 4}
                textAnchor="end"
                className={styles.tick}
              >
                {yTexts[n]}
              </text>
            ))}
            {marks.map(({ part, time }) => (
              <text
                key={part}
                x={LEFT + part * inner}
                y={TOP + height + 16}
                textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}
                className={styles.tick}
              >
                {within ? format.timeMillis(time) : format.dateShort(time)}
              </text>
            ))}
            <text x={LEFT - 6} y={12} textAnchor="end" className={styles.tick}>
              {t('vibration.hertz')}
            </text>
          </svg>
        </>
      )}
    </div>
  )
}

/** Square roots of the amplitudes between panel and accent: weak lines stay visible beside strong ones. */
function paint(canvas: HTMLCanvasElement, { times, rows, amplitude }: VibrationMap): void {
  canvas.width = Math.max(1, times.length)
  canvas.height = Math.max(1, rows)
  const context = canvas.getContext('2d')
  if (context === null) return
  const [low, high] = ['--mw-panel', '--mw-text'].map((name) =>
    channels(getComputedStyle(canvas).getPropertyValue(name)),
  )
  const most = strongest(amplitude)
  const image = context.createImageData(canvas.width, canvas.height)
  for (let n = 0; n < times.length; n++)
    for (let row = 0; row < rows; row++) {
      const part = Math.min(1, Math.sqrt((amplitude[n * rows + row] ?? 0) / most))
      const at = 4 * ((rows - 1 - row) * canvas.width + n)
      for (let c = 0; c < 3; c++) image.data[at + c] = low![c]! + part * (high![c]! - low![c]!)
      image.data[at + 3] = 255
    }
  context.putImageData(image, 0, 0)
}

/** The strongest but for the one in a thousand that would leave everything else pale. */
export function strongest(amplitude: readonly number[]): number {
  const sorted = Float64Array.from(amplitude).sort()
  return sorted[Math.floor(0.999 * (sorted.length - 1))] || sorted.at(-1) || 1
}

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.trim().slice(at, at + 2), 16))
