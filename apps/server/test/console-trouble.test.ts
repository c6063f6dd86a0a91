/** What the console says of a shop floor where a person has to decide, in a real Chromium. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { TestServer } from '@millwright/connectivity-opcua/testing'
import { eventually } from '@millwright/foundation/testing'
import type { Browser, Page } from 'playwright-core'
import { accessibilityFaults, smallTargets } from './harness/accessibility.ts'
import { DESKTOP, noChromium, openBrowser, PHONE, picture, watchFaults } from './harness/browser.ts'
import { announceAgent, type RunningAgent, startAgent } from './harness/edge-agent.ts'
import { PASSWORD } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const PATIENT = 120_000

describe('a shop floor that needs a person, in a browser', { skip: noChromium }, () => {
  let platform: RunningPlatform
  let directory: string
  let browser: Browser
  let page: Page
  let phone: Page
  let machine: TestServer
  let agent: RunningAgent | undefined
  let faults: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-console-'))
    const secured = { policies: ['Basic256Sha256'], modes: ['SignAndEncrypt'] as const }
    ;[platform, machine, browser] = await Promise.all([
      startPlatform({ directory: join(directory, 'data') }),
      TestServer.start(secured),
      openBrowser(),
    ])
    page = await browser.newPage({ viewport: DESKTOP, reducedMotion: 'reduce' })
    page.setDefaultTimeout(60_000)
    faults = watchFaults(page)
    await page.goto(platform.signInLink!)
    await page.getByRole('textbox', { name: 'New password' }).fill(PASSWORD)
    await page.getByRole('textbox', { name: 'Repeat it' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor()
    const storageState = await page.context().storageState()
    phone = await browser.newPage({ viewport: PHONE, hasTouch: true, isMobile: true, storageState })
    phone.setDefaultTimeout(60_000)
  })
  after(async () => {
    await browser?.close()
    await agent?.kill()
    await platform?.stop()
    await machine?.kill()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  it('shows the certificate of an OPC UA server that nobody knows, with what is needed to decide', async () => {
    const config = {
      endpoint: machine.endpoint,
      nodes: [{ node: 'nsu=urn:millwright:test:machine;s=Speed', metric: 'speed' }],
      publishingInterval: 100,
    }
    const made = await platform.client.createConnection({ body: { name: 'Press', adapter: 'opcua', config } })
    await page.goto(`${platform.url}/data/connections/${made.id}`)
    await page.getByRole('heading', { name: 'Certificates to decide on' }).waitFor()
    await page.getByText(/^Needs you since .*Nobody accepted this certificate yet\./).waitFor()
    await page.getByText('CN=Test server').first().waitFor()
    await looksRight('certificate-unknown')
  })

  it('says what a rejected one means, and leaves the way back open', async () => {
    await page.getByRole('button', { name: 'Reject the certificate of CN=Test server' }).click()
    await page.getByRole('heading', { name: 'Rejected certificate' }).waitFor()
    await page.getByText(/^Needs you since .*was rejected\. Nothing is read until/).waitFor()
    await page.getByText('This certificate was turned down').waitFor()
    assert.equal(await page.getByRole('button', { name: /^Reject the certificate/ }).count(), 0)
    await looksRight('certificate-rejected')
  })

  it('accepts it later, and the connection runs', async () => {
    await page.getByRole('button', { name: 'Accept the certificate of CN=Test server' }).click()
    await page.getByText(/^Running since/).waitFor()
    await page.getByRole('row', { name: /speed.*1,450/ }).waitFor()
    assert.equal(await page.getByRole('heading', { name: /certificate/i }).count(), 0)
    const [connection] = (await platform.client.listConnections()).items
    assert.deepEqual(connection!.config['rejectedCertificates'], [])
  })

  it('says of an edge agent that took a configuration back what it runs, why, and what to do', async () => {
    const { client } = platform
    const { device, token } = await announceAgent(platform, 'Gateway hall 2')
    agent = await startAgent({ platform, directory: join(directory, 'edge'), token })
    const settled = await eventually(async () => {
      const { configuration, version } = await client.getAgent({ params: { id: device } })
      return configuration.state === 'applied' && configuration.reported === configuration.desired
        ? { version, runs: configuration.desired }
        : undefined
    }, PATIENT)
    const change = { params: { id: device }, body: { settings: { rollbackAfter: 10_000_000 } } }
    await client.updateAgent({ ...change, ifMatch: settled.version })
    const shown = async () => (await fetch(`${agent!.page}/status.json`)).json() as Promise<AgentPage>
    await eventually(async () => (await shown()).configuration.trial, PATIENT)
    await platform.kill()
    await eventually(async () => (await shown()).configuration.outcome?.state === 'rolled-back', PATIENT)
    const args = ['--mqtt-port', String(platform.mqttPort), '--http-port', new URL(platform.url).port]
    platform = await startPlatform({ directory: join(directory, 'data'), args })

    await page.goto(`${platform.url}/fleet/agents`)
    await page.getByText(/Gateway hall 2 first: The platform could not be reached for 10 s/).waitFor()
    await looksRight('edge-agents-rolled-back')
    await page.getByRole('link', { name: 'Gateway hall 2' }).click()
    const { runs } = settled
    await page.getByText(`version ${runs + 1} rolled back, runs ${runs}`, { exact: true }).waitFor()
    await page.getByText('It works on as before that change.').waitFor()
    await looksRight('edge-agent-rolled-back')
    await page.getByRole('button', { name: 'Try it again' }).click()
    await page.getByText(`version ${runs + 2} applied`, { exact: true }).waitFor()
    assert.equal(await page.getByText('It works on as before that change.').count(), 0)
  })

  it('left no fault in the browser', () => {
    // Before signing in nobody is known; while the platform was away nothing answered: those are no faults.
    assert.deepEqual(
      faults.filter((fault) => !/401|ERR_CONNECTION_REFUSED|WebSocket connection/.test(fault)),
      [],
    )
  })

  /** In light and dark, and on a phone: no fault, nothing wider than the screen, nothing too small to be hit. */
  async function looksRight(name: string): Promise<void> {
    await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' })
    await picture(page, name, { whole: true })
    assert.deepEqual(await accessibilityFaults(page), [])
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await accessibilityFaults(page), [])
    await picture(page, `${name}-dark`, { whole: true })
    await page.emulateMedia({ colorScheme: 'light' })
    const heading = await page.getByRole('heading', { level: 1 }).textContent()
    await phone.goto(page.url())
    await phone.getByRole('heading', { name: heading!, level: 1 }).waitFor()
    await phone.locator('main [aria-busy=true]').waitFor({ state: 'detached' })
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `${name} is ${wide} px wider than the phone`)
    assert.deepEqual(await smallTargets(phone), [])
    assert.deepEqual(await accessibilityFaults(phone), [])
    await picture(phone, `phone-${name}`, { whole: true })
  }
})

interface AgentPage {
  readonly configuration: { readonly trial: boolean; readonly outcome?: { readonly state: string } }
}
