import { useElementSize } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import { type LabelPlace, placeLabels } from './label-places.ts'
import styles from './position-map.module.css'
import { degreeDigits, type Place, project, scaleLength } from './projection.ts'

export interface Marker extends Place {
  readonly id: string
  readonly label: string
  /** What marks the place; a quiet dot when there is nothing to say. */
  readonly mark?: ReactNode
  /** Whose name is shown first where there is not room for all: the lower, the sooner. */
  readonly rank?: number
  readonly onOpen?: () => void
}

interface MapProps {
  label: string
  markers: readonly Marker[]
  /** Where something was, oldest first. */
  track?: readonly Place[]
  height?: number
  /** Metres that the map shows at the least. */
  shortest?: number
}

const MARGIN = 48
const QUIET = 9
/** Width of a name at the map's 12 px, when there is no canvas to measure it. */
const LETTER = 7

/** Positions on a degree grid with a scale: no tiles, so nothing is asked of any other server. */
export function PositionMap({ label, markers, track = [], height = 260, shortest = 200 }: MapProps) {
  const { ref, width } = useElementSize()
  const format = useFormat()
  const places = [...markers, ...track]
  if (places.length === 0) return null
  const view = project(places, Math.max(200, width), height, MARGIN, shortest)
  const labels = placeLabels(
    markers.map((marker) => ({
      id: marker.id,
      x: view.x(marker),
      y: view.y(marker),
      width: textWidth(marker.label),
      rank: marker.rank ?? QUIET,
    })),
    width,
    height,
  )
  const bar = scaleLength(view.metresPerUnit * 120)
  const barText =
    bar >= 1000
      ? t('chart.kilometres', { value: format.integer(bar / 1000) })
      : t('chart.metres', { value: format.integer(bar) })
  return (
    <div ref={ref} className={styles.map} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="group" aria-label={label}>
          {view.meridians.map((longitude) => {
            const x = view.x({ latitude: 0, longitude })
            return (
              <g key={longitude} className={styles.grid}>
                <line x1={x} x2={x} y1={0} y2={height} />
                <text x={x + 4} y={height - 6}>
                  {t('chart.longitude', { value: longitude.toFixed(degreeDigits(view.meridians)) })}
                </text>
              </g>
            )
          })}
          {view.parallels.map((latitude) => {
            const y = view.y({ latitude, longitude: 0 })
            return (
              <g key={latitude} className={styles.grid}>
                <line x1={0} x2={width} y1={y} y2={y} />
                <text x={6} y={y - 4}>
                  {t('chart.latitude', { value: latitude.toFixed(degreeDigits(view.parallels)) })}
                </text>
              </g>
            )
          })}
          {track.length > 1 && (
            <polyline
              className={styles.track}
              points={track.map((place) => `${view.x(place)},${view.y(place)}`).join(' ')}
            />
          )}
          {[...markers]
            .sort((a, b) => (b.rank ?? QUIET) - (a.rank ?? QUIET))
            .map((marker) => (
              <Pin
                key={marker.id}
                marker={marker}
                x={view.x(marker)}
                y={view.y(marker)}
                place={labels.get(marker.id)}
                left={view.x(marker) > width / 2}
              />
            ))}
          <g transform={`translate(${width - 16 - bar / view.metresPerUnit}, ${height - 26})`} className={styles.scale}>
            <path d={`M0 -4V0H${bar / view.metresPerUnit}V-4`} />
            <text x={bar / view.metresPerUnit / 2} y={-6} textAnchor="middle">
              {barText}
            </text>
          </g>
        </svg>
      )}
    </div>
  )
}

let pen: CanvasRenderingContext2D | null | undefined

/** As drawn, px, with room for the outline. */
function textWidth(text: string): number {
  pen ??= document.createElement('canvas').getContext('2d')
  if (pen === null) return text.length * LETTER
  pen.font = `550 12px ${getComputedStyle(document.body).fontFamily}`
  return pen.measureText(text).width + 4
}

interface PinProps {
  marker: Marker
  x: number
  y: number
  /** Where its name stands; undefined: there is room for it only while the place is pointed at. */
  place: LabelPlace | undefined
  /** To which side the name stands then. */
  left: boolean
}

function Pin({ marker, x, y, place, left }: PinProps) {
  const { onOpen } = marker
  const content = (
    <>
      {place?.leader !== undefined && <line x2={place.leader.x} y2={place.leader.y} className={styles.leader} />}
      <circle r={22} className={styles.target} />
      {marker.mark === undefined ? (
        <circle r={5} className={styles.dot} />
      ) : (
        <g transform="translate(-9 -9)">{marker.mark}</g>
      )}
      <text
        x={place?.left ?? (left ? -14 : 14)}
        y={(place?.middle ?? 0) + 4}
        textAnchor={place === undefined && left ? 'end' : 'start'}
        className={`${styles.label} ${place === undefined ? styles.crowded : ''}`}
      >
        {marker.label}
      </text>
    </>
  )
  const transform = `translate(${x}, ${y})`
  if (onOpen === undefined) {
    return (
      <g transform={transform} className={styles.place}>
        {content}
      </g>
    )
  }
  return (
    <g
      transform={transform}
      role="button"
      tabIndex={0}
      aria-label={marker.label}
      className={`${styles.place} ${styles.pin}`}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault()
          onOpen()
        }
      }}
    >
      {content}
    </g>
  )
}
