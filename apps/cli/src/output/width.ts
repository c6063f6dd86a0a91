import stringWidth from 'string-width'

const ASCII = /^[\x20-\x7e]*$/
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that a text takes in a terminal: wide characters (CJK, emoji) take two, combining marks none. */
export const widthOf = (shown: string): number => (ASCII.test(shown) ? shown.length : stringWidth(shown))

/** The text in at most `width` columns; what was cut is marked by an ellipsis. Never cuts a character in two. */
export function cut(shown: string, width: number): string {
  if (widthOf(shown) <= width) return shown
  if (width <= 0) return ''
  if (ASCII.test(shown)) return `${shown.slice(0, width - 1)}…`
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(shown)) {
    const wide = stringWidth(segment)
    if (used + wide > width - 1) break
    kept += segment
    used += wide
  }
  return `${kept}…`
}

/** As `cut`, but what is kept is the end. */
export function cutStart(shown: string, width: number): string {
  if (widthOf(shown) <= width) return shown
  if (width <= 0) return ''
  const kept: string[] = []
  let used = 0
  for (const { segment } of [...graphemes.segment(shown)].reverse()) {
    const wide = stringWidth(segment)
    if (used + wide > width - 1) break
    kept.push(segment)
    used += wide
  }
  return `…${kept.reverse().join('')}`
}

export function pad(shown: string, width: number, align: 'left' | 'right'): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(shown)))
  return align === 'left' ? shown + room : room + shown
}
