import { type GearPair, gearOrders } from '../machine/gear.ts'
import type { Spectrum } from '../signal/spectrum.ts'
import type { Finding } from './finding.ts'
import { harmonics, type Line, multiples, sidebands, significant } from './lines.ts'

const HARMONICS = 3
const SIDEBANDS = 3
const TOLERANCE = 0.005
/** RSS of the sidebands of one wheel over the RSS of the mesh and its harmonics: a sound gear stays below. */
const MODULATED = 0.4

/**
 * Damage of a gear by the sidebands of its mesh: a cracked or worn tooth modulates the mesh once a turn of its own
 * wheel, so that the spacing tells which (Randall, "A new method of modeling gear faults", J. Mechanical Design 104,
 * 1982).
 * @param acceleration spectrum that reaches the mesh
 */
export function gearFindings(part: string, pair: GearPair, acceleration: Spectrum, shaft: number): Finding[] {
  const { mesh, drivenShaft } = gearOrders(pair)
  const carriers = harmonics(acceleration, multiples('mesh'), mesh * shaft, HARMONICS, TOLERANCE).filter(significant)
  if (carriers.length === 0) return []
  const wheels = [
    { name: 'driving wheel', spacing: { name: '1×', frequency: shaft } },
    { name: 'driven wheel', spacing: { name: 'driven 1×', frequency: drivenShaft * shaft } },
  ].filter((_, n) => n === 0 || pair.teeth !== pair.matingTeeth)
  const whole = energy(carriers)
  return wheels.flatMap(({ name, spacing }) => {
    const around = carriers
      .flatMap((carrier) => sidebands(acceleration, carrier, spacing, SIDEBANDS))
      .filter(significant)
    const ratio = energy(around) / whole
    if (ratio < MODULATED || around.length < 3) return []
    const finding: Finding = {
      fault: 'gear',
      part: `${part}, ${name}`,
      strength: ratio,
      measure: 'sidebands over mesh',
      confidence: 1 - Math.exp(-ratio / 0.25),
      lines: [...carriers, ...around],
      spectrum: 'acceleration',
    }
    return [finding]
  })
}

const energy = (lines: readonly Line[]): number => Math.hypot(...lines.map(({ amplitude }) => amplitude))
