import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { DESKTOP, noChromium, openBrowser, PHONE, picture, watchFaults } from './harness/browser.ts'
import { PASSWORD } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

/** A fault is scheduled in the demo plant so that its alarm stands within the first minute. */
const FIRST_MINUTE = 60_000

describe("the stranger's first minute, in a browser", { skip: noChromium }, () => {
  let platform: RunningPlatform
  let directory: string
  let browser: Browser
  let page: Page
  let faults: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-console-'))
    platform = await startPlatform({ directory, args: ['--no-empty'] })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: DESKTOP })
    page.setDefaultTimeout(15_000)
    faults = watchFaults(page)
  })
  after(async () => {
    await browser?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  it('signs in by the printed link and sets a password', async () => {
    await page.goto(platform.signInLink!)
    await page.getByRole('heading', { name: 'Choose your password' }).waitFor()
    await page.getByRole('textbox', { name: 'New password' }).fill(PASSWORD)
    await page.getByRole('textbox', { name: 'Repeat it' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
    assert.equal(new URL(page.url()).hash, '', 'the one-time token leaves the address bar')
  })

  it("shows the plant's tree and a machine's live values", async () => {
    await page.getByRole('link', { name: 'Machines' }).first().click()
    await page.getByText('P-101', { exact: true }).first().waitFor()
    await picture(page, 'machines')
    await page.getByText('P-101', { exact: true }).first().click()
    await page.getByRole('heading', { name: 'P-101' }).waitFor()
    await page
      .getByRole('tab', { name: 'Live' })
      .or(page.getByRole('link', { name: 'Live' }))
      .first()
      .click()
    await page.locator('canvas').first().waitFor()
    const drawn = () => page.locator('main').textContent()
    const first = await drawn()
    await page.waitForFunction((before) => document.querySelector('main')?.textContent !== before, first)
  })

  it('shows the alarm of the injected fault within the first minute, and takes the acknowledgement', async () => {
    await page
      .getByRole('link', { name: /^Alarms/ })
      .first()
      .click()
    const acknowledge = page.getByRole('button', { name: /^Acknowledge/ }).first()
    await acknowledge.waitFor({ timeout: FIRST_MINUTE })
    await picture(page, 'alarms')
    await acknowledge.click()
    await page.getByText('Acknowledged', { exact: true }).first().waitFor()
    const { items } = await platform.client.listAlarms()
    assert.ok(
      items.some((alarm) => alarm.state === 'acknowledged' || alarm.state === 'normal'),
      JSON.stringify(items),
    )
    const { items: journal } = await platform.client.listJournal()
    assert.ok(journal.some((line) => line.transition === 'acknowledged' && line.by === 'Administrator'))
  })

  it('opens every page of the rail, and no page faults', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Machines' }).first().click()
    await page.getByText('P-101', { exact: true }).first().click()
    await page
      .getByRole('tab', { name: 'Live' })
      .or(page.getByRole('link', { name: 'Live' }))
      .first()
      .click()
    await page.locator('canvas').first().waitFor()
    await picture(page, 'machine-live')
    for (const name of ['Overview', 'Machines', 'Alarms', 'Fleet', 'Data', 'Trust', 'Settings']) {
      await page
        .getByRole('navigation')
        .getByRole('link', { name: new RegExp(`^${name}`) })
        .first()
        .click()
      await page.getByRole('heading').first().waitFor()
      await picture(page, name.toLowerCase())
    }
    // Before signing in the console asks who it is and hears "nobody": that one is no fault.
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('401')),
      [],
    )
  })

  it('works on a phone and in the dark', async () => {
    const phone = await browser.newPage({ viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true })
    await phone.goto(`${platform.url}/sign-in`)
    await phone.getByRole('textbox', { name: 'E-mail' }).fill('admin@millwright.local')
    await phone.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await phone.getByRole('button', { name: 'Sign in' }).click()
    await phone.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
    await picture(phone, 'phone')
    for (const path of ['/', '/machines', '/alarms', '/fleet', '/data']) {
      await phone.goto(`${platform.url}${path}`)
      await phone.getByRole('heading').first().waitFor()
      const wide = await phone.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.ok(wide <= 0, `${path} is ${wide} px wider than the phone`)
    }
    await phone.close()
  })
})
