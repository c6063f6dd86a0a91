/** How well a text fits what was typed: the start of a word beats its middle, whole runs beat scattered letters; 0: not at all. */
export function score(text: string, query: string): number {
  if (query === '') return 1
  const hay = text.toLowerCase()
  const needle = query.toLowerCase().trim()
  const at = hay.indexOf(needle)
  if (at !== -1) {
    const wordStart = at === 0 || /[\s\-_/.]/.test(hay[at - 1]!)
    return (wordStart ? 200 : 100) + (at === 0 ? 50 : 0) - Math.min(50, hay.length - needle.length)
  }
  const words = needle.split(/\s+/)
  if (words.length > 1) return words.every((word) => hay.includes(word)) ? 60 : 0
  let from = 0
  let broken = 0
  for (const char of needle) {
    const next = hay.indexOf(char, from)
    if (next === -1) return 0
    if (next !== from) broken++
    from = next + 1
  }
  return broken > needle.length / 2 + 1 ? 0 : Math.max(1, 40 - broken * 5)
}

/** The items that fit best, best first. */
export function best<T>(items: readonly T[], query: string, text: (item: T) => string, most: number): T[] {
  if (query.trim() === '') return items.slice(0, most)
  return items
    .map((item) => ({ item, score: score(text(item), query) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map((found) => found.item)
}
