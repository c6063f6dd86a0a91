/** Characters of a metric's name. */
const LONGEST = 200

/** A name as metrics may be called: one line, not too long; of a long one its end counts. */
export function metricName(names: readonly string[], prefix = ''): string {
  const clean = oneLine(prefix + names.join('/'))
  if (clean.length <= LONGEST) return clean === '' ? '?' : clean
  return `…${clean.slice(clean.length - LONGEST + 1).toWellFormed()}`
}

/** Gives each node a name of its own: the first keeps it, others carry their node id, which does not change. */
export class UniqueNames {
  readonly #taken = new Map<string, string>()

  /** @param key of the node: asking again gives the same name */
  name(wanted: string, key: string): string {
    const holder = this.#taken.get(wanted)
    if (holder === undefined || holder === key) {
      this.#taken.set(wanted, key)
      return wanted
    }
    const mark = ` [${key.length > 120 ? `${key.slice(0, 119)}…` : key}]`
    let name = wanted.slice(0, LONGEST - mark.length) + mark
    for (let n = 2; (this.#taken.get(name) ?? key) !== key; n++) {
      const more = `${mark} ${n}`
      name = wanted.slice(0, LONGEST - more.length) + more
    }
    this.#taken.set(name, key)
    return name
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for here
const CONTROL = /[\u0000-\u001f\u007f]+/g

/** Text without broken and control characters. */
export const oneLine = (text: string): string => text.toWellFormed().replace(CONTROL, ' ').trim()
