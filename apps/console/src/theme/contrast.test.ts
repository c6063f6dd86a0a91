import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

/** The tokens of a colour scheme, as they stand in the style sheet. */
function tokens(scheme: 'light' | 'dark'): Map<string, string> {
  const found = new Map<string, string>()
  for (const block of css.matchAll(/:root\[data-mantine-color-scheme="(\w+)"\]\s*\{([^}]*)\}/g)) {
    if (block[1] !== scheme) continue
    for (const [, name, value] of block[2]!.matchAll(/--mw-([\w-]+):\s*(#[0-9a-f]{6})\b/g)) found.set(name!, value!)
  }
  return found
}

/** WCAG 2.2 relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const TEXT = ['text', 'muted', 'faint', 'accent', 'critical', 'high', 'medium', 'low']
const GROUNDS = ['paper', 'panel', 'raised']
const MARKS = [
  'control-line',
  'critical-mark',
  'high-mark',
  'low-mark',
  ...Array.from({ length: 8 }, (_, i) => `series-${i}`),
]

for (const scheme of ['light', 'dark'] as const) {
  describe(`${scheme} palette`, () => {
    const palette = tokens(scheme)
    const ratio = (front: string, back: string) => contrast(palette.get(front)!, palette.get(back)!)

    it('holds WCAG AA for text on every ground it stands on', () => {
      for (const text of TEXT) {
        for (const ground of GROUNDS)
          assert.ok(ratio(text, ground) >= 4.5, `${text} on ${ground}: ${ratio(text, ground).toFixed(2)}`)
      }
      for (const soft of ['critical', 'high', 'medium', 'low']) {
        assert.ok(
          ratio(soft, `${soft}-soft`) >= 4.5,
          `${soft} on its soft ground: ${ratio(soft, `${soft}-soft`).toFixed(2)}`,
        )
      }
      assert.ok(ratio('on-accent', 'accent') >= 4.5)
      assert.ok(ratio('on-accent', 'accent-hover') >= 4.5)
      assert.ok(ratio('text', 'accent-soft') >= 4.5)
    })

    it('holds 3:1 for edges of controls, lines of charts and shapes of alarms', () => {
      for (const mark of MARKS) assert.ok(ratio(mark, 'panel') >= 3, `${mark}: ${ratio(mark, 'panel').toFixed(2)}`)
    })
  })
}
