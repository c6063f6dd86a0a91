import { vibrationErrors } from '../errors.ts'

/** What fault frequencies follow from; the unit of the two diameters cancels, here mm. */
export interface BearingGeometry {
  /** Rolling elements in one row. */
  readonly elements: number
  readonly elementDiameter: number
  /** Between the centres of opposite elements. */
  readonly pitchDiameter: number
  /** Degrees: 0 for deep groove ball and cylindrical roller bearings under radial load. */
  readonly contactAngle: number
}

/** In turns of the shaft ("orders"), outer ring standing, inner ring turning. */
export interface BearingOrders {
  /** Ball pass frequency, outer race. */
  readonly bpfo: number
  /** Ball pass frequency, inner race. */
  readonly bpfi: number
  /** Ball spin frequency: an element's turns about itself. A spot on it strikes twice a turn: look at 2 x this. */
  readonly bsf: number
  /** Fundamental train frequency: turns of the cage. */
  readonly ftf: number
}

/**
 * Defect orders from geometry, no slip (Randall and Antoni, MSSP 25, 2011, eq. 1 to 4). Real bearings slip: lines lie
 * within 1 to 2 % of these.
 * @throws MW-VIBRATION-0007 when no bearing can look like that
 */
export function bearingOrders(geometry: BearingGeometry): BearingOrders {
  const { elements, elementDiameter, pitchDiameter, contactAngle } = geometry
  const reason = impossible(geometry)
  if (reason !== undefined) throw vibrationErrors.geometry({ reason })
  const ratio = (elementDiameter / pitchDiameter) * Math.cos((contactAngle * Math.PI) / 180)
  return {
    bpfo: (elements / 2) * (1 - ratio),
    bpfi: (elements / 2) * (1 + ratio),
    bsf: (pitchDiameter / (2 * elementDiameter)) * (1 - ratio * ratio),
    ftf: (1 - ratio) / 2,
  }
}

function impossible(geometry: BearingGeometry): string | undefined {
  const { elements, elementDiameter, pitchDiameter, contactAngle } = geometry
  if (!(Number.isInteger(elements) && elements >= 3 && elements <= 500)) return `it has ${elements} rolling elements`
  if (!(elementDiameter > 0 && Number.isFinite(pitchDiameter))) return 'its diameters are not above zero'
  if (!(contactAngle >= 0 && contactAngle < 90)) return `its contact angle is ${contactAngle}°`
  // Neighbours on the pitch circle are a chord apart and must not overlap.
  if (pitchDiameter * Math.sin(Math.PI / elements) < elementDiameter)
    return `${elements} elements of ${elementDiameter} mm do not fit on a circle of ${pitchDiameter} mm`
  return undefined
}
