/** AI services as people make, read and correct them, in a real Chromium. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
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
import { watchedPump } from './harness/watched-pump.ts'

/** Long: the machine may be busy with other tests. */
const PATIENCE = 120_000
const ONNX = new URL('../../../intelligence/methods/src/learning/onnx/testcases/', import.meta.url)

describe('AI services, in a browser', { skip: noChromium }, () => {
  let platform: RunningPlatform
  let directory: string
  let browser: Browser
  let page: Page
  let pump: Awaited<ReturnType<typeof watchedPump>>
  let faults: string[]
  let id: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-console-'))
    platform = await startPlatform({ directory })
    pump = await watchedPump(platform)
    browser = await openBrowser()
    page = await browser.newPage({ viewport: DESKTOP, reducedMotion: 'reduce' })
    page.setDefaultTimeout(60_000)
    faults = watchFaults(page)
    await enter(page, platform.signInLink!)
    await page.getByRole('alert').filter({ hasText: 'Your password is set' }).getByRole('button').click()
  })
  after(async () => {
    await browser?.close()
    await pump?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  const scores = () =>
    eventually(async () => (await platform.client.getService({ params: { id } })).trouble === null, PATIENCE)

  it('shows what to do where nothing learns yet, and what each kind gives as a card', async () => {
    await page.getByRole('link', { name: 'Models' }).first().click()
    await page.getByText('No service yet.').waitFor()
    await sound(page)
    await page.getByRole('link', { name: 'New service' }).first().click()
    await page.getByRole('heading', { name: 'What you can get of it: choose a machine first' }).waitFor()
    await sound(page)
    await page.getByRole('combobox', { name: 'Machine, cell or line' }).click()
    await page.getByRole('option', { name: 'Line 1 / P-7' }).click()
    await page.getByRole('button', { name: /^Remaining life/ }).waitFor()
    await picture(page, 'service-kinds', { whole: true })
    await sound(page)
    await page.getByRole('button', { name: /^Anomaly detection/ }).click()
  })

  it('asks for signals by what they measure now, and for the alarm with its budget', async () => {
    await page.getByRole('combobox', { name: 'Signals', exact: true }).click()
    await page.getByRole('option', { name: /^temperature.*\d+\.\d+ °C/ }).waitFor()
    await page.getByRole('option', { name: /^flow/ }).click()
    await page.getByRole('option', { name: /^current/ }).click()
    await page.getByRole('option', { name: /^temperature/ }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: 'Name' }).fill('Pump watch')
    await page.getByRole('combobox', { name: 'Priority of the alarm' }).click()
    await page.getByRole('option', { name: 'High' }).click()
    await page.getByRole('textbox', { name: 'Alarm budget, a week' }).fill('2')
    await picture(page, 'service-settings')
    await sound(page)
    await page.getByRole('button', { name: 'Next' }).click()
  })

  it('says whether the history is enough, before anything is made', async () => {
    await page.getByText('It can be trained; this would make it better:').waitFor()
    await page.getByText(/There are 40 minutes of history/).waitFor()
    await page.getByRole('row', { name: /^temperature.*2,400 of 2,400/ }).waitFor()
    await picture(page, 'service-data')
    await sound(page)
    await page.getByRole('combobox', { name: 'Learn from' }).click()
    await page.getByRole('option', { name: 'From and to' }).click()
    await page.getByText('Give a time from and a later time to.').waitFor()
    assert.ok(await page.getByRole('button', { name: 'Make and train' }).isDisabled())
    await page.getByRole('combobox', { name: 'Learn from' }).click()
    await page.getByRole('option', { name: 'As far back as is usual' }).click()
    assert.deepEqual((await platform.client.listServices()).items, [], 'nothing is made before')
    await page.getByRole('button', { name: 'Make and train' }).click()
  })

  it('tells how far training is, then what was learnt, and publishes with its consequence', async () => {
    await page.getByRole('heading', { name: 'Pump watch', level: 1 }).waitFor()
    await page.getByText(/^It is ready\. Read what it learnt/).waitFor({ timeout: PATIENCE })
    id = (await platform.client.listServices()).items[0]!.id
    await page.getByText(/^Learnt how P-7 runs from/).waitFor()
    await page.getByRole('heading', { name: 'What it learnt from' }).waitFor()
    await page.locator('figure svg').first().waitFor()
    await picture(page, 'service-report', { whole: true })
    await sound(page)
    await page.getByRole('button', { name: 'Publish' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Its rule raises alarms of the priority High.').waitFor()
    await sound(page)
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Results, as signals' }).waitFor()
    await scores()
    await pump.send(200)
    await page.getByText(/^Nothing unusual on P-7/).waitFor()
    await sound(page)
  })

  it('says live that it sees an episode, since when and why', async () => {
    await pump.send(100, 3)
    await page.getByText(/^Sees an episode since .* current makes/).waitFor({ timeout: PATIENCE })
    await page.getByRole('heading', { name: 'The episode that goes on' }).waitFor()
    await page.getByRole('list', { name: 'Signals that make it, and their shares' }).getByText('current').waitFor()
    await range(page, '1h')
    await picture(page, 'service', { whole: true })
    await sound(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await sound(page)
    await picture(page, 'service-dark', { whole: true })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByRole('link', { name: 'Models' }).first().click()
    await page.getByText(/^1 service watches 1 machine; Pump watch sees an episode since/).waitFor()
    await page.getByRole('row', { name: /Pump watch.*Sees an episode.*Anomaly detection.*P-7/ }).waitFor()
    await picture(page, 'services')
    await sound(page)
  })

  it('explains the alarm that it raised, and takes there what a person says of it', async () => {
    await eventually(async () => (await platform.client.listAlarms({ query: {} })).items[0], PATIENCE)
    await page.goto(`${platform.url}/alarms`)
    await page.getByRole('row', { name: /P-7/ }).first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Raised by Pump watch.').waitFor()
    await drawer.getByRole('list', { name: 'Signals that make it, and their shares' }).waitFor()
    await picture(page, 'alarm-explained')
    await sound(page)
    await drawer.getByRole('textbox', { name: 'What it was' }).fill('bearing rubs')
    await drawer.getByRole('button', { name: 'Right', exact: true }).click()
    await page.getByText('Thank you: it was right. The next training uses it.').waitFor()
    await drawer.getByText(/^Said by/).waitFor()
    const [label] = (await platform.client.listLabels({ params: { id } })).items
    assert.deepEqual([label?.verdict, label?.what], ['right', 'bearing rubs'])
    await drawer.getByRole('link', { name: 'Open the episode' }).click()
    await page.getByRole('heading', { name: 'Pump watch', level: 1 }).waitFor()
  })

  it('changes what was said, with a way back, and lists all of it', async () => {
    const drawer = page.getByRole('dialog', { name: 'Episode' })
    await drawer.getByRole('button', { name: 'Wrong', exact: true }).click()
    await eventually(async () => (await labels())[0]?.verdict === 'wrong', PATIENCE)
    await undo('it was wrong')
    await eventually(async () => (await labels())[0]?.verdict === 'right', PATIENCE)
    await drawer.locator('canvas').first().waitFor()
    await picture(page, 'service-episode')
    await sound(page)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('row', { name: /Right: bearing rubs/ }).waitFor()
    await sound(page)
    await page.getByRole('button', { name: 'Label a span' }).click()
    await page.getByRole('dialog').getByText('Normal', { exact: true }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'What it was' }).fill('cleaning')
    await sound(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Normal: cleaning').waitFor()
    assert.equal((await labels()).length, 2)
  })

  it('trains again, shows two versions beside each other, publishes and rolls back', async () => {
    await pump.send(100)
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByRole('button', { name: 'Train a version' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('row', { name: /^temperature/ }).waitFor()
    await sound(page)
    await dialog.getByRole('button', { name: 'Train a version' }).click()
    await page.getByRole('row', { name: /^2\b.*Ready/ }).waitFor({ timeout: PATIENCE })
    await page.getByRole('row', { name: /^2\b/ }).click()
    await page.getByRole('combobox', { name: 'Compare with' }).click()
    await page.getByRole('option', { name: 'Version 1' }).click()
    await page.getByRole('table', { name: 'Version 2 beside version 1' }).waitFor()
    await picture(page, 'service-compare', { whole: true })
    await sound(page)
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText(/Version 2 scores in place of version 1/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('row', { name: /^2\s*live/ }).waitFor()
    await page.getByRole('row', { name: /^1\b/ }).click()
    await page.getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('row', { name: /^1\s*live/ }).waitFor()
    assert.equal((await platform.client.getService({ params: { id } })).liveVersion, 1)
  })

  it('scores the past again, and says how far it is', async () => {
    await scores()
    await page.getByRole('button', { name: 'Score the past again' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Span' }).click()
    await page.getByRole('option', { name: 'Last 1h' }).click()
    await sound(page)
    await dialog.getByRole('button', { name: 'Score the past again' }).click()
    await page.getByText(/Ready · [\d,]+ readings written/).waitFor({ timeout: PATIENCE })
    await sound(page)
  })

  it('changes its alarm, and stops with a way back', async () => {
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('combobox', { name: 'Priority of the alarm' }).click()
    await page.getByRole('option', { name: 'Low' }).click()
    await sound(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Pump watch saved').waitFor()
    assert.equal((await platform.client.getService({ params: { id } })).alarm?.priority, 'low')
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Stop' }).click()
    await page.getByText(/^Stopped: nobody watches P-7/).waitFor()
    await undo('Pump watch stopped')
    await eventually(
      async () => (await platform.client.getService({ params: { id } })).state === 'live' || undefined,
      PATIENCE,
    )
  })

  it('takes a model made elsewhere, and says at its place what cannot be used', async () => {
    await page.goto(`${platform.url}/models/new?kind=model&equipment=${pump.equipment}`)
    await page.getByRole('textbox', { name: 'Name' }).fill('Power')
    await page.getByRole('button', { name: 'Make and go to the upload' }).click()
    await page.getByText('No model is uploaded yet.').waitFor()
    await page.getByRole('button', { name: 'Upload a model' }).click()
    await page.getByRole('button', { name: 'Upload and check' }).click()
    await page.getByText('This is needed').first().waitFor()
    const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
    const model = page.locator('input[type=file]').first()
    await model.setInputFiles(file('none.onnx', Buffer.from('no model')))
    const inputs = ['flow', 'current', 'temperature'].map((signal) => ({ signal, low: -5, high: 50 }))
    await page
      .locator('input[type=file]')
      .nth(1)
      .setInputFiles(file('manifest.json', Buffer.from(JSON.stringify({ inputs, outputs: [{ name: 'power' }] }))))
    await page.getByRole('button', { name: 'Move row 2 up' }).click()
    await page.getByRole('button', { name: 'Move row 2 up' }).click()
    await page.getByRole('button', { name: 'Upload and check' }).click()
    await page
      .getByText(/This is no ONNX model/)
      .first()
      .waitFor({ timeout: PATIENCE })
    await sound(page)
    await model.setInputFiles(file('lightgbm.onnx', readFileSync(new URL('lightgbm.onnx', ONNX))))
    await page.getByRole('textbox', { name: 'Unit in training, row 1' }).fill('Cel')
    await page.getByRole('button', { name: 'Upload and check' }).click()
    await page
      .getByText(/takes "flow" in Cel, and the signal is in m3\/h/)
      .first()
      .waitFor({ timeout: PATIENCE })
    assert.equal(
      await page.getByRole('combobox', { name: 'Signal, row 1' }).getAttribute('aria-invalid'),
      'true',
      'the refusal stands at the signal that it is about',
    )
    await picture(page, 'service-upload', { whole: true })
    await page.getByRole('textbox', { name: 'Unit in training, row 1' }).fill('')
    await page.getByRole('button', { name: 'Upload and check' }).click()
    await page.getByText(/^It was checked and is version 3/).waitFor({ timeout: PATIENCE })
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('row', { name: /^3\s*live/ }).waitFor()
  })

  it('is found by the command palette', async () => {
    await page.keyboard.press('Control+k')
    await page
      .getByRole('textbox', { name: 'Find' })
      .or(page.getByPlaceholder(/^Machines, signals/))
      .first()
      .fill('pump wa')
    // Its results are signals of the same name, with what they say behind it.
    await page.getByRole('button', { name: /^Pump watch\s*P-7$/ }).click()
    await page.getByRole('heading', { name: 'Pump watch', level: 1 }).waitFor()
  })

  it('fits a phone in the dark, and offers nothing to who may only look', async () => {
    const { client } = platform
    const invited = await client.createUser({ body: { email: 'vera@plant.example', name: 'Vera' } })
    const viewer = (await client.listRoles()).items.find(({ name }) => name === 'Viewer')!
    await client.createGrant({ body: { user: invited.user.id, role: viewer.id, node: null } })
    const phone = await browser.newPage({ viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true })
    phone.setDefaultTimeout(60_000)
    await enter(phone, invited.link)
    await phone.goto(`${platform.url}/models`)
    await phone.getByText(/^2 services watch 1 machine/).waitFor()
    assert.equal(await phone.getByRole('link', { name: 'New service' }).count(), 0)
    await fits(phone)
    await phone.goto(`${platform.url}/models/new`)
    await phone.getByRole('heading', { name: 'Not for you to see' }).waitFor()
    const [episode] = (await client.listEpisodes({ params: { id } })).items
    for (const path of [
      `/models/${id}`,
      `/models/${id}?tab=episodes`,
      `/models/${id}?tab=episodes&episode=${episode!.id}`,
      `/models/${id}?tab=versions`,
      `/models/${id}?tab=versions&version=2&with=1`,
      `/models/${id}?tab=settings`,
    ]) {
      await phone.goto(`${platform.url}${path}`)
      await settled(phone)
      await fits(phone, path)
    }
    assert.equal(await phone.getByRole('button', { name: 'Save' }).count(), 0)
    await phone.close()

    const hand = await browser.newPage({ viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true })
    hand.setDefaultTimeout(60_000)
    await hand.goto(`${platform.url}/sign-in`)
    await hand.getByRole('textbox', { name: 'E-mail' }).fill('admin@millwright.local')
    await hand.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await hand.getByRole('button', { name: 'Sign in' }).click()
    await hand.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
    for (const path of [
      `/models/new?equipment=${pump.equipment}`,
      `/models/new?equipment=${pump.equipment}&kind=life`,
      `/models/new?equipment=${pump.equipment}&kind=anomaly&step=data`,
      `/models/${id}?tab=episodes&episode=${episode!.id}`,
      `/models/${id}?tab=versions`,
    ]) {
      await hand.goto(`${platform.url}${path}`)
      await settled(hand)
      await fits(hand, path)
    }
    await hand.goto(`${platform.url}/models/${id}`)
    await settled(hand)
    await picture(hand, 'phone-service')
    await hand.close()
  })

  it('deletes it after saying what that means', async () => {
    await page.goto(`${platform.url}/models/${id}`)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText(/the signals that it wrote stay with their history/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText(/^1 service watches 1 machine/).waitFor()
    const { items } = await platform.client.listSignals({ query: { equipment: pump.equipment, q: 'Pump watch' } })
    assert.ok(items.some(({ name }) => name === 'Pump watch score'))
  })

  it('left no fault in the browser', () => {
    // Before signing in the console asks who it is and hears "nobody": that one is no fault.
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('401')),
      [],
    )
  })

  const labels = async () => (await platform.client.listLabels({ params: { id } })).items
  const undo = (told: string) =>
    page.getByRole('alert').filter({ hasText: told }).getByRole('button', { name: 'Undo' }).click()
  const enter = async (on: Page, link: string) => {
    await on.goto(link)
    await on.getByRole('textbox', { name: 'New password' }).fill(PASSWORD)
    await on.getByRole('textbox', { name: 'Repeat it' }).fill(PASSWORD)
    await on.getByRole('button', { name: 'Set password' }).click()
    await on.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
  }
  const range = async (on: Page, last: string) => {
    await on.getByRole('button', { name: /^Time range:/ }).click()
    await on.getByRole('button', { name: last, exact: true }).last().click()
  }
  const settled = (on: Page) =>
    on.waitForFunction(
      () => document.querySelector('main h1') !== null && document.querySelector('[aria-busy=true]') === null,
    )
  const sound = async (on: Page) => assert.deepEqual(await accessibilityFaults(on), [])
  const fits = async (on: Page, what = on.url()) => {
    const wide = await on.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `${what} is ${wide} px wider than the phone`)
    assert.deepEqual(await smallTargets(on), [], what)
    assert.deepEqual(await accessibilityFaults(on), [], what)
  }
})
