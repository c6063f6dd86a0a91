import { isUnit, MillwrightError, parseUnit } from '@millwright/foundation'

/** EUInformation (Part 8, 5.6.3), as far as it counts. */
export interface EngineeringUnit {
  readonly namespaceUri: string
  readonly unitId: number
  readonly symbol: string
}

const UNECE = 'http://www.opcfoundation.org/UA/units/un/cefact'

/** UN/ECE Recommendation 20 common codes -> UCUM: those that machines, plants and energy meters use. */
// biome-ignore format: one dimension a line
export const COMMON_CODES: Readonly<Record<string, string>> = {
  CEL: 'Cel', FAH: '[degF]', KEL: 'K', A48: '[degR]',
  BAR: 'bar', MBR: 'mbar', PAL: 'Pa', KPA: 'kPa', MPA: 'MPa', A97: 'hPa', PS: '[psi]', ATM: 'atm', HN: 'mm[Hg]', HP: 'mm[H2O]',
  MTR: 'm', MMT: 'mm', CMT: 'cm', DMT: 'dm', KMT: 'km', '4H': 'um', C45: 'nm', INH: '[in_i]', FOT: '[ft_i]', YRD: '[yd_i]', SMI: '[mi_i]', NMI: '[nmi_i]',
  SEC: 's', C26: 'ms', B98: 'us', C47: 'ns', MIN: 'min', HUR: 'h', DAY: 'd', WEE: 'wk', MON: 'mo', ANN: 'a',
  KGM: 'kg', GRM: 'g', MGM: 'mg', MC: 'ug', TNE: 't', LBR: '[lb_av]', ONZ: '[oz_av]',
  NEW: 'N', B47: 'kN', B73: 'MN', NU: 'N.m', B48: 'kN.m', DU: 'dyn',
  JOU: 'J', KJO: 'kJ', '3B': 'MJ', GV: 'GJ', WHR: 'W.h', KWH: 'kW.h', MWH: 'MW.h', GWH: 'GW.h',
  WTT: 'W', KWT: 'kW', MAW: 'MW', C31: 'mW', A90: 'GW', BHP: '[HP]',
  VLT: 'V', '2Z': 'mV', KVT: 'kV', D82: 'uV', AMP: 'A', '4K': 'mA', B84: 'uA', B22: 'kA', AMH: 'A.h', E09: 'mA.h',
  OHM: 'Ohm', B49: 'kOhm', B75: 'MOhm', E45: 'mOhm', SIE: 'S', D10: 'S/m', FAR: 'F', '4O': 'uF', COU: 'C', '81': 'H', C14: 'mH',
  D46: 'V.A', KVA: 'kV.A', MVA: 'MV.A', D44: 'V.A{reactive}', KVR: 'kV.A{reactive}', K3: 'kV.A.h{reactive}', D33: 'T', WEB: 'Wb',
  HTZ: 'Hz', KHZ: 'kHz', MHZ: 'MHz', A86: 'GHz', RPM: '/min', RPS: '/s', C97: '/s', C94: '/min',
  P1: '%', C62: '1', '59': '[ppm]', '61': '[ppb]', NX: '[ppth]', Q30: '[pH]', '2N': 'dB',
  LTR: 'L', MLT: 'mL', '4G': 'uL', HLT: 'hL', DLT: 'dL', MTQ: 'm3', CMQ: 'cm3', DMQ: 'dm3', MMQ: 'mm3', GLL: '[gal_us]',
  MQH: 'm3/h', MQS: 'm3/s', '2J': 'cm3/s', G51: 'L/s', L2: 'L/min', E32: 'L/h', '41': 'mL/min', G2: '[gal_us]/min',
  MTK: 'm2', MMK: 'mm2', CMK: 'cm2', KMK: 'km2',
  MTS: 'm/s', C16: 'mm/s', '2M': 'cm/s', '2X': 'm/min', H81: 'mm/min', KMH: 'km/h', HM: '[mi_i]/h', FS: '[ft_i]/s',
  MSK: 'm/s2', K40: '[g]', DD: 'deg', C81: 'rad', '2A': 'rad/s', '2B': 'rad/s2', E96: 'deg/s', D61: "'", D62: "''", A91: 'gon',
  KGS: 'kg/s', F31: 'kg/min', E93: 'kg/h', F23: 'g/dm3', KMQ: 'kg/m3', '23': 'g/cm3', GL: 'g/L', M1: 'mg/L', E18: 't/h', GP: 'mg/m3',
  C65: 'Pa.s', C24: 'mPa.s', C7: 'cP', '4C': 'cSt', S4: 'm2/s', C17: 'mm2/s',
  E01: 'N/cm2', C56: 'N/mm2', C55: 'N/m2', D53: 'W/(m.K)', D54: 'W/m2', D55: 'W/(m2.K)', B60: 'lm/m2', LUM: 'lm', LUX: 'lx', CDL: 'cd',
  A99: 'bit', AD: 'By', '2P': 'kBy', '4L': 'MBy', E34: 'GBy', C34: 'mol', B45: 'kmol', C18: 'mmol', C36: 'mol/m3', BQL: 'Bq', D13: 'Sv',
}

/** Reads three bytes of the common code out of the number (Part 8, 5.6.3.3). */
function commonCode(unitId: number): string {
  if (unitId <= 0) return ''
  const bytes = [(unitId >>> 16) & 0xff, (unitId >>> 8) & 0xff, unitId & 0xff].filter((byte) => byte !== 0)
  return String.fromCharCode(...bytes)
}

/** The UCUM code of an engineering unit; undefined when it is none that is known. */
export function ucumOf({ namespaceUri, unitId, symbol }: EngineeringUnit): string | undefined {
  const known = namespaceUri === UNECE || namespaceUri === '' ? COMMON_CODES[commonCode(unitId)] : undefined
  return known ?? ucumOfSymbol(symbol)
}

/** What people write for a unit, as UCUM: `°C`, `m³/h`, `rpm`. */
export function ucumOfSymbol(symbol: string): string | undefined {
  const text = symbol.trim()
  if (text === '' || text.length > 40) return undefined
  if (isUnit(text)) return text
  try {
    parseUnit(text)
    return undefined
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error
    const { hint } = error.details
    if (typeof hint === 'string') return hint
  }
  const plain = text
    .replace(/²/g, '2')
    .replace(/³/g, '3')
    .replace(/[·⋅*]/g, '.')
    .replace(/[µμ]/g, 'u')
    .replace(/°C/g, 'Cel')
  return isUnit(plain) ? plain : undefined
}
