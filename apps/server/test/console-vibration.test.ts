/** A machine's vibration as a technician looks at it, in a real Chromium: the sentence, its evidence, the spectra. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { accessibilityFaults, smallTargets } from './harness/accessibility.ts'
import { DESKTOP, noChromium, openBrowser, PHONE, picture, watchFaults } from './harness/browser.ts'
import { HeardPump } from './harness/heard-pump.ts'
import { PASSWORD } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

describe('vibration, in a browser', { skip: noChromium }, () => {
  let platform: RunningPlatform
  let directory: string
  let browser: Browser
  let page: Page
  let pump: HeardPump
  let faults: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-console-'))
    platform = await startPlatform({ directory })
    pump = await HeardPump.open(platform)
    browser = await openBrowser()
    page = await browser.newPage({ viewport: DESKTOP, reducedMotion: 'reduce' })
    page.setDefaultTimeout(30_000)
    faults = watchFaults(page)
    await page.goto(platform.signInLink!)
    await page.getByRole('textbox', { name: 'New password' }).fill(PASSWORD)
    await page.getByRole('textbox', { name: 'Repeat it' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
  })
  after(async () => {
    await browser?.close()
    await pump?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })
  const tab = (more = '') => `${platform.url}/machines/${pump.equipment}?tab=vibration${more}`

  it('says that nothing listens yet, and where to change that', async () => {
    await pump.run(25)
    await page.goto(tab())
    await page.getByText('Nothing judges these recordings yet').waitFor()
    await page.getByRole('link', { name: 'Let a service listen' }).waitFor()
    await page.getByRole('application', { name: /^Envelope spectrum/ }).waitFor()
    await sound(page)
  })

  it('opens with what is wrong, then the lines that say so', async () => {
    await pump.listen()
    pump.plant.setFault('bearing', true)
    await pump.run(8)
    await pump.alarmed()
    await page.goto(tab())
    await page
      .getByRole('region', { name: 'Diagnosis' })
      .getByText(/^The outer race is damaged \(drive end\): BPFO at 1/)
      .waitFor()
    await page.getByRole('img', { name: /^Vibration [\d.]+ mm\/s, zone [A-D] of ISO 10816-1/ }).waitFor()
    await page.getByRole('row', { name: /^BPFO 1\d\d\.\d Hz 1\d\d\.\d Hz .* times$/ }).waitFor()
    await picture(page, 'vibration', { whole: true })
    await sound(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, 'vibration-dark', { whole: true })
    await sound(page)
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('moves the cursor by keys, with harmonics and sidebands', async () => {
    await page.getByRole('button', { name: 'Show outer race in the spectrum' }).first().click()
    const plot = page.getByRole('application', { name: /^Envelope spectrum/ })
    await plot.waitFor()
    const readout = page.getByText(/times the noise$/)
    await plot.focus()
    const before = await readout.textContent()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction((text) => !document.body.textContent!.includes(text!), before)
    await page.getByRole('textbox', { name: 'Harmonics' }).fill('4')
    await plot.getByText('2×', { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'Sidebands every' }).fill('47')
    await plot.getByText('+1', { exact: true }).waitFor()
    await sound(page)
  })

  it('shows each way to look at it', async () => {
    for (const [view, name] of [
      ['Velocity', /^Velocity spectrum/],
      ['Acceleration', /^Acceleration spectrum/],
      ['Orders', /^Orders spectrum/],
      ['Cepstrum', /^Cepstrum spectrum/],
    ] as const) {
      await look(view)
      await page.getByRole('application', { name }).waitFor()
    }
    for (const [view, name] of [
      ['Spectrogram', /^Spectrogram: \d+ spectra/],
      ['Waterfall', /^Waterfall: \d+ spectra/],
    ] as const) {
      await look(view)
      await page.getByRole('img', { name }).waitFor()
      await picture(page, `vibration-${view.toLowerCase()}`, { whole: true })
      await sound(page)
    }
    await look('Trend')
    await page.getByText('Pump vibration outer race').first().waitFor()
    await sound(page)
  })

  it('takes a moment from the waterfall into the address, and back to the newest', async () => {
    await look('Waterfall')
    await page.getByRole('img', { name: /^Waterfall/ }).click({ position: { x: 20, y: 40 } })
    await page.getByRole('button', { name: 'Back to the newest' }).waitFor()
    assert.match(page.url(), /at=\d{16}/)
    await page.getByText('Nothing speaks for a fault.', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: 'Back to the newest' }).click()
    await page
      .getByRole('region', { name: 'Diagnosis' })
      .getByText(/^The outer race is damaged/)
      .waitFor()
  })

  it('fits a phone, in the dark', async () => {
    const state = await page.context().storageState()
    const phone = await browser.newPage({
      viewport: PHONE,
      colorScheme: 'dark',
      hasTouch: true,
      isMobile: true,
      storageState: state,
    })
    phone.setDefaultTimeout(30_000)
    await phone.goto(tab())
    await phone
      .getByRole('region', { name: 'Diagnosis' })
      .getByText(/^The outer race is damaged/)
      .waitFor()
    await phone.getByRole('application', { name: /^Envelope spectrum/ }).waitFor()
    await picture(phone, 'phone-vibration', { whole: true })
    assert.deepEqual(await accessibilityFaults(phone), [])
    assert.deepEqual(await smallTargets(phone), [])
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `${wide} px wider than the phone`)
    await phone.close()
  })

  it('left no fault in the browser', () => {
    // Before signing in the console asks who it is and hears "nobody": that one is no fault.
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('401')),
      [],
    )
  })

  /** The radio buttons themselves are hidden behind their labels. */
  const look = (view: string) =>
    page.getByRole('radiogroup', { name: 'How to look at it' }).getByText(view, { exact: true }).click()
  const sound = async (on: Page) => assert.deepEqual(await accessibilityFaults(on), [])
})
