/** The page Quality on the demo plant: a bad part is taken out minutes after the first start, and the page says why. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import type { Browser, Page } from 'playwright-core'
import { accessibilityFaults, smallTargets } from './harness/accessibility.ts'
import { DESKTOP, noChromium, openBrowser, PHONE, picture, watchFaults } from './harness/browser.ts'
import { PASSWORD } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const PATIENCE = 480_000

describe('the page Quality', { skip: noChromium }, () => {
  let platform: RunningPlatform
  let directory: string
  let browser: Browser
  let page: Page
  let faults: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-quality-'))
    platform = await startPlatform({ directory, args: ['--no-empty'] })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: DESKTOP })
    page.setDefaultTimeout(60_000)
    faults = watchFaults(page)
    await page.goto(platform.signInLink!)
    await page.getByRole('textbox', { name: 'New password' }).fill(PASSWORD)
    await page.getByRole('textbox', { name: 'Repeat it' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.waitForURL((url) => url.pathname === '/')
  })
  after(async () => {
    await browser?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  it('shows a part that was taken out, why, and what it was measured as', async (t) => {
    const { client } = platform
    const begun = performance.now()
    let id: string | undefined
    await eventually(async () => {
      id = (await client.listServices({ query: { kind: 'quality', state: 'live' } })).items[0]?.id
      return id !== undefined
    }, PATIENCE)
    t.diagnostic(`the service is live after ${Math.round((performance.now() - begun) / 1000)} s`)
    const parts = async () => (await client.listJudgedParts({ params: { id: id! }, query: {} })).items
    await eventually(async () => (await parts()).some(({ decision }) => decision === 'divert'), PATIENCE)
    t.diagnostic(`a part is taken out after ${Math.round((performance.now() - begun) / 1000)} s`)
    const taken = (await parts()).find(({ decision }) => decision === 'divert')!
    assert.match(taken.explanation, /probability of a reject, taken out/)

    await page.goto(`${platform.url}/quality`)
    await page.getByText(/Of (one part|\d+ parts) \d+ (was|were) taken out/).waitFor()
    await page.getByRole('row', { name: new RegExp(taken.serial) }).click()
    await page.getByRole('heading', { name: `Part ${taken.serial}` }).waitFor()
    await page.getByRole('img', { name: /with the band of good parts/ }).waitFor()
    await picture(page, 'quality-parts')
    await page.getByRole('tab', { name: 'Control charts' }).click()
    await page.getByRole('img', { name: 'Control chart of diameter: value' }).waitFor()
    await page.getByRole('img', { name: /^Histogram of diameter/ }).waitFor()
    await page
      .getByText(/OP30 diameter is (in|out of) control/)
      .first()
      .waitFor()
    await picture(page, 'quality-charts')
    await page.getByRole('tab', { name: 'Causes' }).click()
    await page.getByText(/drives the result most/).waitFor()
    await picture(page, 'quality-causes')
    assert.deepEqual(faults, [])
  })

  it('holds WCAG AA in the light and in the dark, and works on a phone', async () => {
    await page.getByRole('tab', { name: 'Control charts' }).click()
    await page.getByRole('img', { name: /^Histogram of diameter/ }).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await accessibilityFaults(page), [], colorScheme)
    }
    await picture(page, 'quality-charts-dark')
    const storageState = await page.context().storageState()
    const touch = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true, storageState })
    const phone = await touch.newPage()
    for (const view of ['parts', 'charts', 'causes']) {
      await phone.goto(`${platform.url}/quality?view=${view}`)
      await phone
        .getByText(/taken out/)
        .first()
        .waitFor()
      assert.deepEqual(await smallTargets(phone), [], view)
      await picture(phone, `quality-${view}-phone`)
      const wider = await phone.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.ok(wider <= 0, `${view} is ${wider} px wider than the phone`)
    }
    await touch.close()
  })
})
