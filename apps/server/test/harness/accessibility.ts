/** What WCAG 2.2 AA asks and a machine can see, on the pages as Chromium draws them. Each fault is a sentence. */
import type { CDPSession, Page } from 'playwright-core'

/** Roles that one acts on or finds one's way by: each needs a name. */
const NAMED = new Set([
  ...['button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton'],
  ...['tab', 'menuitem', 'option', 'listbox', 'grid', 'tree', 'treeitem', 'dialog', 'navigation'],
])

interface AxNode {
  ignored: boolean
  role?: { value: string }
  name?: { value?: string }
  properties?: { name: string; value: { value?: unknown } }[]
  backendDOMNodeId?: number
}

const sessions = new WeakMap<Page, Promise<CDPSession>>()
const sessionOf = (page: Page): Promise<CDPSession> => {
  const held = sessions.get(page) ?? page.context().newCDPSession(page)
  sessions.set(page, held)
  return held
}

/** Contrast, names, headings, ids. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  return [...(await page.evaluate(drawnFaults)), ...(await namelessControls(page))]
}

/** As the browser tells assistive technology, whatever way a name came to be. */
async function namelessControls(page: Page): Promise<string[]> {
  const session = await sessionOf(page)
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: AxNode[] }
  const faults: string[] = []
  for (const node of nodes) {
    const role = node.role?.value ?? ''
    if (node.ignored || !NAMED.has(role) || (node.name?.value ?? '').trim() !== '') continue
    if (node.properties?.some(({ name, value }) => name === 'hidden' && value.value === true) === true) continue
    const html = await outerHtml(session, node.backendDOMNodeId)
    faults.push(`no name: ${role} ${html}`)
  }
  return faults
}

async function outerHtml(session: CDPSession, backendNodeId: number | undefined): Promise<string> {
  if (backendNodeId === undefined) return ''
  const { outerHTML } = (await session.send('DOM.getOuterHTML', { backendNodeId })) as { outerHTML: string }
  return outerHTML.slice(0, 160)
}

/** Runs in the page. */
function drawnFaults(): string[] {
  type Colour = [red: number, green: number, blue: number, alpha: number]
  const faults = new Set<string>()
  const parse = (text: string): Colour => {
    const parts = text.match(/-?[\d.]+(?:e-?\d+)?%?/g) ?? []
    const number = (part: string | undefined) =>
      part === undefined ? 1 : part.endsWith('%') ? Number.parseFloat(part) / 100 : Number(part)
    const scale = text.startsWith('color(srgb') ? 255 : 1
    return [number(parts[0]) * scale, number(parts[1]) * scale, number(parts[2]) * scale, number(parts[3])]
  }
  const over = (top: Colour, below: Colour): Colour => {
    const alpha = top[3] + below[3] * (1 - top[3])
    if (alpha === 0) return [0, 0, 0, 0]
    const mix = (at: 0 | 1 | 2) => (top[at] * top[3] + below[at] * below[3] * (1 - top[3])) / alpha
    return [mix(0), mix(1), mix(2), alpha]
  }
  const luminance = (colour: Colour) => {
    const channel = (value: number) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
    return 0.2126 * channel(colour[0]) + 0.7152 * channel(colour[1]) + 0.0722 * channel(colour[2])
  }
  const contrast = (a: Colour, b: Colour) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
    return (high + 0.05) / (low + 0.05)
  }
  const grounds = new Map<Element, Colour>()
  const ground = (element: Element | null): Colour => {
    if (element === null) return parse(getComputedStyle(document.body).backgroundColor)
    const known = grounds.get(element)
    if (known !== undefined) return known
    const own = parse(getComputedStyle(element).backgroundColor)
    const found = own[3] >= 1 ? own : over(own, ground(element.parentElement))
    grounds.set(element, found)
    return found
  }
  const where = (element: Element) => {
    const named = element.closest('[aria-label], [role], main, nav, header')
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute('class')?.slice(0, 60) ?? ''}"> in ${named?.getAttribute('aria-label') ?? named?.tagName.toLowerCase() ?? 'the page'}`
  }
  const isOff = (element: Element) =>
    element.closest('[disabled], [aria-disabled=true], [data-disabled=true], [aria-hidden=true], .mw-hidden') !== null
  const judge = (element: Element, colour: string, sample: string) => {
    const style = getComputedStyle(element)
    let opacity = 1
    for (let at: Element | null = element; at !== null; at = at.parentElement)
      opacity *= Number(getComputedStyle(at).opacity)
    if (opacity < 0.05) return
    const below = ground(element)
    const ink = parse(colour)
    const seen = over([ink[0], ink[1], ink[2], ink[3] * opacity], below)
    const size = Number.parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    const ratio = contrast(seen, below)
    if (ratio < (large ? 3 : 4.5))
      faults.add(`contrast ${ratio.toFixed(2)}: "${sample.trim().slice(0, 40)}" ${where(element)}`)
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement
    if (element === null || node.textContent?.trim() === '' || isOff(element)) continue
    if (!element.checkVisibility({ visibilityProperty: true })) continue
    const inDrawing = element instanceof SVGElement
    // Words on marks of their own colour are part of a shape that also has a name.
    if (inDrawing && element.closest('[aria-hidden]') !== null) continue
    const style = getComputedStyle(element)
    judge(element, inDrawing ? style.fill : style.color, node.textContent ?? '')
  }
  for (const field of document.querySelectorAll<HTMLInputElement>('input, textarea')) {
    if (!field.checkVisibility() || isOff(field)) continue
    if (field.placeholder !== '' && field.value === '')
      judge(field, getComputedStyle(field, '::placeholder').color, field.placeholder)
    else if (field.value !== '' && field.type !== 'checkbox' && field.type !== 'radio' && field.type !== 'hidden')
      judge(field, getComputedStyle(field).color, field.value)
  }

  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((one) => one.checkVisibility())
  const first = headings.filter((one) => one.tagName === 'H1').length
  if (first !== 1) faults.add(`headings: ${first} of the first level`)
  let level = 0
  for (const heading of headings) {
    const own = Number(heading.tagName[1])
    if (own > level + 1) faults.add(`headings: h${own} "${heading.textContent}" follows h${level}`)
    level = own
  }

  for (const picture of document.querySelectorAll('img:not([alt]), [role=img]:not([aria-label], [aria-labelledby])'))
    faults.add(`a picture without words: ${where(picture)}`)

  const ids = new Set<string>()
  for (const { id } of document.querySelectorAll('[id]')) {
    if (ids.has(id)) faults.add(`the id ${id} stands twice`)
    ids.add(id)
  }
  for (const element of document.querySelectorAll('[aria-labelledby], [aria-controls], [aria-describedby]')) {
    for (const id of (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean))
      if (!ids.has(id)) faults.add(`aria-labelledby names ${id}, which is not there: ${where(element)}`)
  }
  if (document.documentElement.lang === '') faults.add('the page does not say its language')
  return [...faults]
}

/** Controls that a finger in a glove misses: less than 44 px either way (WCAG 2.5.5; links within sentences are free). */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = []
    // Kept for the keyboard and the reader alone, until it has the focus.
    const isClipped = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).clipPath === 'inset(50%)' || isClipped(element.parentElement))
    const controls = 'a[href], button, input, textarea, select, summary, [role=button], [role=tab], [role=switch]'
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      if (control.closest('[disabled], [aria-hidden=true], .mw-hidden') !== null || isClipped(control)) continue
      // A box and its words are one target; so is a row that opens what the link in it opens.
      const label =
        control instanceof HTMLInputElement
          ? (control.closest('[role=gridcell], [role=columnheader]') ??
            control.closest('[class*=-body], label, .mantine-Input-wrapper'))
          : null
      const row = control.tagName === 'A' ? control.closest('[role=row], [role=treeitem]') : null
      const inSentence =
        control.tagName === 'A' &&
        [...(control.parentElement?.childNodes ?? [])].some(
          (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
        )
      if (inSentence || control.matches('input[type=file], .mantine-Select-input[tabindex="-1"]')) continue
      const { width, height } = (row ?? label ?? control).getBoundingClientRect()
      if (width < 1 || height < 1) continue
      const shape = getComputedStyle(control, '::after')
      const reach = shape.position === 'absolute' && shape.content !== 'none' ? Number.parseFloat(shape.height) : 0
      if (Math.max(height, reach) < 43.5 || Math.max(width, reach) < 43.5)
        faults.push(
          `target ${Math.round(width)}x${Math.round(height)}: ${control.getAttribute('aria-label') ?? (control.textContent?.trim().slice(0, 40) || control.outerHTML.slice(0, 120))}`,
        )
    }
    return faults
  })

/** Presses Tab so often and says which of the elements reached do not show that they have the focus. */
export async function hiddenFocus(page: Page, presses: number): Promise<string[]> {
  const faults: string[] = []
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  for (let press = 0; press < presses; press++) {
    await page.keyboard.press('Tab')
    const fault = await page.evaluate(() => {
      const element = document.activeElement
      if (element === null || element === document.body) return undefined
      const shows = (one: Element) => {
        const style = getComputedStyle(one)
        const outlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1
        return outlined || style.boxShadow !== 'none'
      }
      // Fields show it by their border, or on the frame that stands around them.
      const frame = element.parentElement
      const field = element.matches('input, textarea, select')
      if (shows(element) || (frame !== null && shows(frame)) || field) return undefined
      if (element instanceof SVGElement && [...element.children].some((one) => getComputedStyle(one).stroke !== 'none'))
        return undefined
      return `focus is not shown: ${element.outerHTML.slice(0, 160)}`
    })
    if (fault !== undefined) faults.push(fault)
  }
  return faults
}
