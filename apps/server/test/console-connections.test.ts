/** Connections and edge agents as people make them, in a real Chromium, with a Modbus device we did not write. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { accessibilityFaults, smallTargets } from './harness/accessibility.ts'
import { DESKTOP, noChromium, openBrowser, PHONE, picture, watchFaults } from './harness/browser.ts'
import { type ModbusDevice, startModbusDevice } from './harness/modbus-serial.ts'
import { PASSWORD } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

describe('connections, in a browser', { skip: noChromium }, () => {
  let platform: RunningPlatform
  let directory: string
  let browser: Browser
  let page: Page
  let device: ModbusDevice
  let faults: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-console-'))
    platform = await startPlatform({ directory })
    device = await startModbusDevice([243, 1480])
    await platform.client.createAsset({ body: { level: 'equipment', name: 'Press 3', parent: null } })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: DESKTOP, reducedMotion: 'reduce' })
    page.setDefaultTimeout(10_000)
    faults = watchFaults(page)
    await enter(page, platform.signInLink!)
  })
  after(async () => {
    await browser?.close()
    await platform?.stop()
    await device?.close()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  it('shows what to do where nothing is connected, and every protocol as a card', async () => {
    await page.goto(`${platform.url}/data/connections`)
    await page.getByText('No connection yet.').waitFor()
    await sound(page)
    await page.getByRole('link', { name: 'New connection' }).first().click()
    await page.getByRole('heading', { name: 'Machines', level: 2 }).waitFor()
    await picture(page, 'connection-protocols', { whole: true })
    await sound(page)
    await page.getByRole('button', { name: /^Modbus/ }).click()
  })

  it('asks for what the protocol needs, and says at the field what is missing', async () => {
    const host = page.getByRole('textbox', { name: 'Host' }).first()
    await host.waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('This is needed').waitFor()
    await page.getByText('One setting is not right yet.').waitFor()
    await host.fill('127.0.0.1')
    await page.getByRole('textbox', { name: 'Port' }).first().fill(String(device.port))
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Press line')
    await page
      .getByRole('textbox', { name: 'Machine' })
      .or(page.getByRole('combobox', { name: 'Machine' }))
      .first()
      .click()
    await page.getByRole('option', { name: 'Press 3' }).click()
    await page.getByRole('button', { name: 'Add to Devices' }).click()
    await page.getByRole('textbox', { name: 'Name' }).nth(1).fill('Press 3')
    await page.getByRole('button', { name: 'Add to Registers' }).first().click()
    await page.getByRole('textbox', { name: 'Name, row 1' }).fill('Oil temperature')
    await page.getByRole('textbox', { name: 'Address, row 1' }).fill('0')
    await page.getByRole('textbox', { name: 'Unit, row 1' }).fill('Cel')
    await page.getByRole('button', { name: 'Duplicate row 1' }).last().click()
    await page.getByRole('textbox', { name: 'Name, row 2' }).fill('Speed')
    await page.getByRole('textbox', { name: 'Address, row 2' }).fill('1')
    await page.getByRole('textbox', { name: 'Unit, row 2' }).fill('/min')
    await picture(page, 'connection-settings')
    await page
      .getByLabel('Register map from a file')
      .last()
      .setInputFiles({
        name: 'press.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('name,table,address,type\nStrokes,holding,7,uint32\n'),
      })
    await page.getByText('Read from press.csv').waitFor()
    await page.getByRole('button', { name: /^Open row 1: Imported/ }).waitFor()
    await sound(page)
  })

  it('browses what is there, and takes what is chosen into the settings', async () => {
    await page.getByRole('button', { name: 'Browse what is there' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: 'Open Press 3 (unit 1)' }).click()
    await drawer.getByRole('list', { name: 'What the peer has' }).getByRole('listitem').nth(2).waitFor()
    await sound(page)
    await drawer.getByRole('button', { name: 'Done' }).click()
    await drawer.waitFor({ state: 'detached' })
  })

  it('tries the connection and reads first values before anything is saved', async () => {
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('The connection works.').waitFor()
    await page.getByRole('button', { name: 'Read for 3 seconds' }).click()
    await page.getByRole('row', { name: /Speed.*1,480/ }).waitFor()
    await picture(page, 'connection-check')
    await sound(page)
    assert.deepEqual((await platform.client.listConnections()).items, [], 'nothing is made before it is saved')
    await page.getByRole('button', { name: 'Save and start' }).click()
  })

  it('shows live values of a running connection', async () => {
    await page.getByRole('heading', { name: 'Press line' }).waitFor()
    await page.getByText(/^Running since .* readings a second/).waitFor()
    await page.getByRole('row', { name: /Speed.*1,480/ }).waitFor()
    device.registers[1] = 1512
    await page.getByRole('row', { name: /Speed.*1,512/ }).waitFor()
    await picture(page, 'connection')
    await sound(page)
    await page.getByRole('tab', { name: 'Devices behind it' }).click()
    await page.getByRole('row', { name: /Press 3.*Online/ }).waitFor()
    await page.getByRole('tab', { name: 'Overview' }).click()
  })

  it('says in words that the device is gone, and runs again by itself when it is back', async () => {
    await device.close()
    await page.getByText(/^Waiting since .*No answer from 127\.0\.0\.1/).waitFor()
    await sound(page)
    await page.getByRole('link', { name: 'Connections' }).first().click()
    await page.getByText(/1 of 1 connection needs you, Press line: No answer/).waitFor()
    await picture(page, 'connections')
    await page.emulateMedia({ colorScheme: 'dark' })
    await sound(page)
    await page.emulateMedia({ colorScheme: 'light' })
    device = await startModbusDevice(device.registers, device.port)
    await page.getByText('1 connection, and it runs.').waitFor()
  })

  it('switches it off with a way back', async () => {
    await page.getByRole('link', { name: 'Press line' }).click()
    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByText(/^Off since/).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/^Running since/).waitFor()
  })

  it('makes an edge agent with one token and one command', async () => {
    await page.goto(`${platform.url}/fleet/agents`)
    await page.getByText('No edge agent yet.').last().waitFor()
    await page.getByRole('button', { name: 'New edge agent' }).first().click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Gateway hall 2')
    await page.getByRole('dialog').getByRole('button', { name: 'New edge agent' }).click()
    await page.getByRole('button', { name: 'Make one-time token' }).click()
    await page.getByText(/^npm run edge -- --url \S+ --token mwe_/).waitFor()
    await sound(page)
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('textbox', { name: 'Room for the queue, GB' }).fill('2')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Gateway hall 2: settings changed').waitFor()
    const [agent] = (await platform.client.listAgents()).items
    assert.equal(agent!.settings.queueBytes, 2_000_000_000)
    await picture(page, 'edge-agent')
  })

  it('offers nothing to who may only look, and fits a phone in the dark', async () => {
    const { client } = platform
    const invited = await client.createUser({ body: { email: 'vera@plant.example', name: 'Vera' } })
    const looking = await client.createRole({
      body: {
        name: 'Shop-floor viewer',
        description: 'Sees connections',
        permissions: ['asset:read', 'signal:read', 'device:read', 'connection:read'],
      },
    })
    await client.createGrant({ body: { user: invited.user.id, role: looking.id, node: null } })
    const options = { viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true } as const
    const phone = await browser.newPage(options)
    await enter(phone, invited.link)
    await phone.goto(`${platform.url}/data/connections`)
    await phone.getByText('1 connection, and it runs.').waitFor()
    assert.equal(await phone.getByRole('link', { name: 'New connection' }).count(), 0)
    await picture(phone, 'phone-connections')
    await fits(phone)
    await phone.getByRole('link', { name: 'Press line' }).click()
    await phone.getByText(/^Running since/).waitFor()
    assert.equal(await phone.getByRole('button', { name: 'Switch off' }).count(), 0)
    await fits(phone)
    await phone.goto(`${platform.url}/data/connections/new`)
    await phone.getByRole('heading', { name: 'Not for you to see' }).waitFor()
    await phone.close()

    const hand = await browser.newPage(options)
    await hand.goto(`${platform.url}/sign-in`)
    await hand.getByRole('textbox', { name: 'E-mail' }).fill('admin@millwright.local')
    await hand.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await hand.getByRole('button', { name: 'Sign in' }).click()
    await hand.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
    const [connection] = (await client.listConnections()).items
    const [agent] = (await client.listAgents()).items
    for (const path of [
      '/data/connections/new?adapter=opcua',
      `/data/connections/${connection!.id}?tab=settings`,
      `/fleet/agents/${agent!.device}`,
    ]) {
      await hand.goto(`${platform.url}${path}`, { waitUntil: 'commit' })
      await hand.waitForFunction(
        () => document.querySelector('main h1') !== null && document.querySelector('[aria-busy=true]') === null,
      )
      await fits(hand, path)
    }
    await hand.close()
  })

  it('deletes it after saying what that means', async () => {
    const [connection] = (await platform.client.listConnections()).items
    await page.goto(`${platform.url}/data/connections/${connection!.id}`)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText(/the history of their signals stays/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No connection yet.').waitFor()
    assert.ok((await platform.client.listSignals()).items.some(({ name }) => name.endsWith('Speed')))
  })

  it('left no fault in the browser', () => {
    // Before signing in the console asks who it is and hears "nobody": that one is no fault.
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('401')),
      [],
    )
  })

  const enter = async (on: Page, link: string) => {
    await on.goto(link)
    await on.getByRole('textbox', { name: 'New password' }).fill(PASSWORD)
    await on.getByRole('textbox', { name: 'Repeat it' }).fill(PASSWORD)
    await on.getByRole('button', { name: 'Set password' }).click()
    await on.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
  }
  const sound = async (on: Page) => assert.deepEqual(await accessibilityFaults(on), [])
  const fits = async (on: Page, what = on.url()) => {
    const wide = await on.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `${what} is ${wide} px wider than the phone`)
    assert.deepEqual(await smallTargets(on), [], what)
    assert.deepEqual(await accessibilityFaults(on), [], what)
  }
})
