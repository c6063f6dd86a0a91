import { useSyncExternalStore } from 'react'

/** What a person sets for themselves, kept in this browser. */
export interface Preferences {
  readonly density: 'comfortable' | 'compact'
  /** IANA name; empty: the browser's own. */
  readonly timeZone: string
  /** BCP 47; empty: the browser's own. */
  readonly locale: string
  readonly units: 'metric' | 'imperial'
  readonly railFolded: boolean
}

const KEY = 'millwright.preferences'
const DEFAULTS: Preferences = { density: 'comfortable', timeZone: '', locale: '', units: 'metric', railFolded: false }

/** Reads what was kept; anything unknown or damaged falls back to the default of that one field. */
export function parsePreferences(text: string | null): Preferences {
  if (text === null) return DEFAULTS
  let kept: Partial<Record<keyof Preferences, unknown>>
  try {
    kept = JSON.parse(text) as typeof kept
  } catch {
    return DEFAULTS
  }
  if (typeof kept !== 'object' || kept === null) return DEFAULTS
  return {
    density: kept.density === 'compact' ? 'compact' : 'comfortable',
    timeZone: validTimeZone(kept.timeZone) ? kept.timeZone : '',
    locale: validLocale(kept.locale) ? kept.locale : '',
    units: kept.units === 'imperial' ? 'imperial' : 'metric',
    railFolded: kept.railFolded === true,
  }
}

export function validTimeZone(zone: unknown): zone is string {
  if (typeof zone !== 'string' || zone === '') return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function validLocale(locale: unknown): locale is string {
  if (typeof locale !== 'string' || locale === '') return false
  try {
    return Intl.getCanonicalLocales(locale).length > 0
  } catch {
    return false
  }
}

let current: Preferences = typeof localStorage === 'undefined' ? DEFAULTS : parsePreferences(localStorage.getItem(KEY))
const listeners = new Set<() => void>()

export const preferences = (): Preferences => current

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  localStorage.setItem(KEY, JSON.stringify(current))
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, preferences)
