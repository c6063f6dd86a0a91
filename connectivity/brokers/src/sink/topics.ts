import type { FedSignal } from '@millwright/connectivity'

/** Brokers take 65,535 bytes; the systems behind them far fewer. */
const LONGEST = 1_000

/** A name as one topic level: what MQTT gives a meaning to becomes `_`. */
export function levelOf(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const level = name.trim().replace(/[+#/\u0000-\u001f\u007f-\u009f\ud800-\udfff\uffff]/gu, '_')
  return level === '' ? '_' : level
}

/**
 * Topic -> signal: prefix, names from the enterprise to the equipment, the signal's. Two signals that would share a topic
 * are told apart by the end of their ids. Signals whose topic would be too long are left out.
 */
export function topicsOf(signals: readonly FedSignal[], prefix: string): Map<string, FedSignal> {
  const topics = new Map<string, FedSignal>()
  const base = prefix.split('/').filter((level) => level !== '')
  for (const signal of signals) {
    const levels = [...base, ...signal.path.map(levelOf), levelOf(signal.name)]
    // `$` at the beginning is the broker's own.
    let topic = levels.join('/').replace(/^\$/, '_')
    if (topics.has(topic)) topic = `${topic}-${levelOf(signal.id.slice(-8))}`
    if (Buffer.byteLength(topic) <= LONGEST) topics.set(topic, signal)
  }
  return topics
}
