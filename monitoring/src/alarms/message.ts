import { unitSymbol } from '@millwright/foundation'
import { fillPlaces } from '../rules/message-places.ts'
import type { TurnSignal } from '../watch/turn.ts'

const MAX_MESSAGE = 4000

/**
 * Fills `{signal}` places with values and units: `Bearing at {temperature}` becomes `Bearing at 81.3 °C`. Where the
 * author wrote the unit already, it does not come twice. A signal that has no value, or is not there, is a dash.
 */
export function alarmMessage(template: string, ruleName: string, signals: readonly TurnSignal[]): string {
  if (template.trim() === '') return ruleName
  const byName = new Map(signals.map((signal) => [signal.name, signal]))
  const filled = fillPlaces(template, (name, following) => shown(byName.get(name), following))
  return storable(filled.slice(0, MAX_MESSAGE))
}

const NOT_THERE = { value: null, unit: '1' }

function shown({ value, unit }: Pick<TurnSignal, 'value' | 'unit'> = NOT_THERE, following: string): string {
  if (value === null) return '—'
  if (typeof value !== 'number') return String(value)
  const text = String(Number(value.toPrecision(5)))
  const symbol = unitSymbol(unit)
  const next = following.trimStart()
  if (symbol === '' || next.startsWith(symbol) || next.startsWith(unit)) return text
  return symbol === '°' || symbol === '%' ? `${text}${symbol === '%' ? ' %' : symbol}` : `${text} ${symbol}`
}

/** Text from devices as the database can hold it: no NUL, no half characters. */
export const storable = (text: string): string => text.replaceAll('\u0000', '\ufffd').toWellFormed()
