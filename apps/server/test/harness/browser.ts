import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

const CANDIDATES = [
  process.env['MILLWRIGHT_TEST_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser on this machine; undefined: tests that need one are skipped, and say so. */
const chromiumPath = CANDIDATES.find((path) => path !== undefined && existsSync(path))

export const noChromium = chromiumPath === undefined && 'no Chromium on this machine (install the package chromium)'

/** A real Chromium that speaks to nobody but the platform. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

/** Faults that a page shows only in the browser's console. */
export function watchFaults(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  return faults
}

/**
 * Pictures for the README: `MILLWRIGHT_SCREENSHOTS=1 npm test -- console` writes them to docs/images.
 * @param options `whole`: the window is made as high as the page, whose main part scrolls by itself
 */
export async function picture(page: Page, name: string, { whole = false } = {}): Promise<void> {
  if (process.env['MILLWRIGHT_SCREENSHOTS'] === undefined) return
  const path = resolve(import.meta.dirname, '../../../../docs/images', `${name}.png`)
  await mkdir(dirname(path), { recursive: true })
  const window = page.viewportSize()!
  const below = whole ? await page.locator('main').evaluate((main) => main.scrollHeight - main.clientHeight) : 0
  if (below > 0) await page.setViewportSize({ width: window.width, height: window.height + below })
  await page.screenshot({ path })
  if (below > 0) await page.setViewportSize(window)
}
