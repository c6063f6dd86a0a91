import type uPlot from 'uplot'

/** What a person asks for with mouse, wheel and fingers; times in µs. */
export interface Gestures {
  readonly zoom: (from: number, to: number) => void
  readonly compare: (from: number, to: number) => void
  /** Factor of the range around a time. */
  readonly scale: (factor: number, around: number) => void
  /** The range as it was moved to. */
  readonly move: (from: number, to: number) => void
  readonly reset: () => void
}

const micros = (seconds: number) => Math.round(seconds * 1e6)
const SMALLEST = 6

/**
 * Drag: zoom to it. Shift-drag: compare it. Ctrl/Cmd-wheel or pinch: zoom. Sideways wheel, drag on the time axis, one
 * finger: move. Double click: the range that was before.
 */
export function gestures(ask: () => Gestures): uPlot.Plugin {
  return {
    hooks: {
      ready: (u) => {
        u.over.style.touchAction = 'pan-y'
        brush(u, ask)
        wheel(u, ask)
        axisDrag(u, ask)
        fingers(u, ask)
        u.over.addEventListener('dblclick', () => ask().reset())
      },
    },
  }
}

function brush(u: uPlot, ask: () => Gestures): void {
  let mine = false
  let shift = false
  u.over.addEventListener('mousedown', (event) => {
    mine = event.button === 0
    shift = event.shiftKey
  })
  u.hooks.setSelect = [
    ...(u.hooks.setSelect ?? []),
    () => {
      const { left, width } = u.select
      if (width === 0) return
      u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
      // Charts of one group share the brush; only the one under the mouse may answer.
      if (!mine || width < SMALLEST) return
      mine = false
      const from = micros(u.posToVal(left, 'x'))
      const to = micros(u.posToVal(left + width, 'x'))
      if (shift) ask().compare(from, to)
      else ask().zoom(from, to)
    },
  ]
}

function wheel(u: uPlot, ask: () => Gestures): void {
  u.over.addEventListener(
    'wheel',
    (event) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        ask().scale(event.deltaY > 0 ? 1.25 : 0.8, micros(u.posToVal(event.offsetX, 'x')))
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        event.preventDefault()
        const { min, max } = u.scales['x']!
        const step = ((max! - min!) * Math.sign(sideways)) / 12
        ask().move(micros(min! + step), micros(max! + step))
      }
    },
    { passive: false },
  )
}

function axisDrag(u: uPlot, ask: () => Gestures): void {
  const axis = u.root.querySelector<HTMLElement>('.u-axis')
  if (axis === null) return
  axis.style.cursor = 'ew-resize'
  axis.addEventListener('mousedown', (down) => {
    down.preventDefault()
    drag(u, down.clientX, ask, 'mousemove', 'mouseup', (event) => (event as MouseEvent).clientX)
  })
}

function drag(
  u: uPlot,
  start: number,
  ask: () => Gestures,
  move: string,
  end: string,
  at: (event: Event) => number,
): void {
  const { min, max } = u.scales['x']!
  const perPixel = (max! - min!) / u.over.clientWidth
  let to = { min: min!, max: max! }
  const onMove = (event: Event) => {
    const by = (start - at(event)) * perPixel
    to = { min: min! + by, max: max! + by }
    u.setScale('x', to)
  }
  const onEnd = () => {
    window.removeEventListener(move, onMove)
    window.removeEventListener(end, onEnd)
    if (to.min !== min) ask().move(micros(to.min), micros(to.max))
  }
  window.addEventListener(move, onMove)
  window.addEventListener(end, onEnd)
}

function fingers(u: uPlot, ask: () => Gestures): void {
  let apart: { x: number; distance: number; min: number; max: number } | undefined
  const two = (event: TouchEvent) => {
    const [a, b] = [event.touches[0]!, event.touches[1]!]
    const left = u.over.getBoundingClientRect().left
    return { x: (a.clientX + b.clientX) / 2 - left, distance: Math.max(20, Math.abs(a.clientX - b.clientX)) }
  }
  u.over.addEventListener(
    'touchstart',
    (event) => {
      const { min, max } = u.scales['x']!
      if (event.touches.length === 2) {
        event.preventDefault()
        apart = { ...two(event), min: min!, max: max! }
      } else if (event.touches.length === 1 && apart === undefined) {
        const x = event.touches[0]!.clientX
        u.setCursor({ left: x - u.over.getBoundingClientRect().left, top: 10 })
        drag(
          u,
          x,
          () => (apart === undefined ? ask() : { ...ask(), move: () => {} }),
          'touchmove',
          'touchend',
          (move) => (move as TouchEvent).touches[0]?.clientX ?? x,
        )
      }
    },
    { passive: false },
  )
  u.over.addEventListener(
    'touchmove',
    (event) => {
      if (apart === undefined || event.touches.length !== 2) return
      event.preventDefault()
      const now = two(event)
      const factor = apart.distance / now.distance
      const around = apart.min + (apart.x / u.over.clientWidth) * (apart.max - apart.min)
      u.setScale('x', { min: around - (around - apart.min) * factor, max: around + (apart.max - around) * factor })
    },
    { passive: false },
  )
  u.over.addEventListener('touchend', (event) => {
    if (apart === undefined || event.touches.length > 0) return
    apart = undefined
    const { min, max } = u.scales['x']!
    ask().move(micros(min!), micros(max!))
  })
}
