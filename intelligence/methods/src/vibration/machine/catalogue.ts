import type { BearingGeometry } from './bearing.ts'

export interface CatalogueBearing extends BearingGeometry {
  /** As printed on the ring. */
  readonly designation: string
  readonly maker: string
  readonly kind: 'deep groove ball' | 'insert ball' | 'double row roller'
  /** Where the inner geometry was published. */
  readonly source: string
}

const INCH = 25.4

/**
 * Bearings whose inner geometry is openly published. Makers print bore and outside diameter in their catalogues, seldom
 * the number and size of the elements, and the same designation differs between makers: an entry without a source would
 * give confidently wrong frequencies, so there are few. Any other bearing: give its geometry.
 */
export const bearingCatalogue: readonly CatalogueBearing[] = [
  {
    designation: '6205-2RS JEM',
    maker: 'SKF',
    kind: 'deep groove ball',
    elements: 9,
    elementDiameter: 0.3126 * INCH,
    pitchDiameter: 1.537 * INCH,
    contactAngle: 0,
    source: 'Case Western Reserve University Bearing Data Center, bearing information (drive end)',
  },
  {
    designation: '6203-2RS JEM',
    maker: 'SKF',
    kind: 'deep groove ball',
    elements: 8,
    elementDiameter: 0.2656 * INCH,
    pitchDiameter: 1.122 * INCH,
    contactAngle: 0,
    source: 'Case Western Reserve University Bearing Data Center, bearing information (fan end)',
  },
  {
    designation: '6203',
    maker: 'FAG',
    kind: 'deep groove ball',
    elements: 8,
    elementDiameter: 6.75,
    pitchDiameter: 29.05,
    contactAngle: 0,
    source: 'Lessmeier et al., Paderborn University bearing data set, PHM Society European conference, 2016',
  },
  {
    designation: '6804',
    maker: 'NSK',
    kind: 'deep groove ball',
    elements: 13,
    elementDiameter: 3.5,
    pitchDiameter: 25.6,
    contactAngle: 0,
    source: 'Nectoux et al., PRONOSTIA platform, IEEE PHM conference, 2012',
  },
  {
    designation: 'UER204',
    maker: 'LDK',
    kind: 'insert ball',
    elements: 8,
    elementDiameter: 7.92,
    pitchDiameter: 34.55,
    contactAngle: 0,
    source: 'Wang et al., XJTU-SY bearing data sets, IEEE Trans. Reliability 69, 2020',
  },
  {
    designation: 'ER-16K',
    maker: 'MB Manufacturing',
    kind: 'insert ball',
    elements: 9,
    elementDiameter: 7.94,
    pitchDiameter: 38.52,
    contactAngle: 0,
    source:
      'Huang and Baddour, bearing vibration data under time-varying speed (University of Ottawa), Data in Brief 21, 2018',
  },
  {
    designation: 'ZA-2115',
    maker: 'Rexnord',
    kind: 'double row roller',
    elements: 16,
    elementDiameter: 0.331 * INCH,
    pitchDiameter: 2.815 * INCH,
    contactAngle: 15.17,
    source: 'Qiu et al., IMS bearing data (University of Cincinnati), J. Sound and Vibration 289, 2006',
  },
  {
    designation: 'NICE (MFPT rig)',
    maker: 'NICE',
    kind: 'deep groove ball',
    elements: 8,
    elementDiameter: 0.235 * INCH,
    pitchDiameter: 1.245 * INCH,
    contactAngle: 0,
    source: 'Bechhoefer, MFPT condition based maintenance fault database, 2013',
  },
]
