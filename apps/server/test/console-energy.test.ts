/** The energy page of the demo plant: a saving that the platform found out by itself, minutes after the first start. */
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

const PATIENCE = 300_000

describe('the energy page', { skip: noChromium }, () => {
  let platform: RunningPlatform
  let directory: string
  let browser: Browser
  let page: Page
  let faults: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-energy-'))
    platform = await startPlatform({ directory, args: ['--no-empty'] })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: DESKTOP })
    page.setDefaultTimeout(30_000)
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

  it('shows what replaced fittings saved, though nobody told the platform', async () => {
    const { client } = platform
    let service: string | undefined
    await eventually(async () => {
      const { items } = await client.listServices({ query: { kind: 'energy', state: 'live' } })
      service = items[0]?.id
      return service !== undefined
    }, PATIENCE)
    const { saving, leak, simulated } = await client.getEnergy({ params: { id: service! }, query: {} })
    // 0.45 m³/min of a compressor that makes 2.6 of them at some 12 kW more than idling: about 2 kW for 60 hours.
    assert.ok(saving!.avoided > 90 && saving!.avoided < 150, JSON.stringify(saving))
    assert.ok(saving!.significant && simulated)
    assert.ok(Math.abs(leak!.change!.by + 0.45) < 0.1, JSON.stringify(leak))

    await page.goto(`${platform.url}/energy`)
    await page.getByText(/less than the baseline would have used since/).waitFor()
    for (const chart of ['Energy avoided since the baseline', 'Energy of each period, with', 'Load of the last day'])
      await page.getByRole('img', { name: new RegExp(chart) }).waitFor()
    await page.getByText('Simulated', { exact: true }).first().waitFor()
    await picture(page, 'energy')
    assert.deepEqual(faults, [])
  })

  it('holds WCAG AA in the light and in the dark, and works on a phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await accessibilityFaults(page), [], colorScheme)
    }
    const storageState = await page.context().storageState()
    const touch = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true, storageState })
    const phone = await touch.newPage()
    await phone.goto(`${platform.url}/energy`)
    await phone.getByText(/less than the baseline would have used since/).waitFor()
    assert.deepEqual(await smallTargets(phone), [])
    const wider = await phone.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    await touch.close()
    assert.ok(wider <= 0, `${wider} px wider than the phone`)
  })
})
