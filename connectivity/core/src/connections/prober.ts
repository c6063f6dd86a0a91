import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowsePage, ConnectionPreview, ConnectionTest } from '@millwright/contracts'
import { type Clock, type Log, type Micros, SECOND } from '@millwright/foundation'
import { connectivityErrors } from '../errors.ts'
import type { BrowseAt, ConnectionAdapter, ProbePorts } from './adapter.ts'
import { checkedConfig } from './config.ts'
import type { Adapters } from './host.ts'
import { sentence, within } from './hosted.ts'
import { PreviewReadings } from './preview.ts'
import { StatusKeeper } from './status.ts'

/** A configuration to try, with its secrets. */
export interface Draft {
  readonly adapter: string
  readonly config: Readonly<Record<string, unknown>>
}

export interface ProberOptions {
  readonly adapters: Adapters
  readonly clock: Clock
  readonly log: Log
  /** The folder of the identity that is shown to peers. */
  readonly identity: string
}

export const PROBE_TIME: Micros = 15 * SECOND
const STOP_TIME: Micros = 6 * SECOND
const STEPS = 50
const TEXT_CHARS = 2_000
const CERTIFICATES = 20

/** Tries configurations before they are saved: for seconds, and nothing of it is kept. */
export class Prober {
  readonly #options: ProberOptions

  constructor(options: ProberOptions) {
    this.#options = options
  }

  /** @param signal the person went away */
  async test(draft: Draft, signal?: AbortSignal): Promise<ConnectionTest> {
    const { adapter, config } = this.#checked(draft)
    const began = this.#options.clock.steady()
    const result = await this.#limited(signal, (ports) => adapter.test(config, ports)).catch((error: unknown) => {
      // The contract says that a test answers; one that does not is an answer too.
      const took = Math.round(this.#options.clock.steady() - began)
      const step = { name: adapter.manifest.name, ok: false, detail: sentence(error), took }
      return { ok: false, steps: [step], certificates: [] }
    })
    const steps = result.steps.slice(0, STEPS).map((step) => ({ ...step, detail: step.detail.slice(0, TEXT_CHARS) }))
    return { ok: result.ok, steps, certificates: result.certificates.slice(0, CERTIFICATES) }
  }

  /** @throws when the peer cannot be asked, or its adapter cannot browse */
  async browse(draft: Draft, at: BrowseAt, signal?: AbortSignal): Promise<BrowsePage> {
    const { adapter, config } = this.#checked(draft)
    const { browse } = adapter
    if (browse === undefined) throw connectivityErrors.noBrowse({ adapter: draft.adapter })
    const page = await this.#limited(signal, (ports) => browse.call(adapter, config, ports, at))
    return { ...page, items: page.items.slice(0, at.limit) }
  }

  /** Runs it without leaving a trace, until there are `limit` readings or the seconds are over. */
  async preview(
    draft: Draft,
    { seconds, limit }: { seconds: number; limit: number },
    signal?: AbortSignal,
  ): Promise<ConnectionPreview> {
    const { clock, log, identity } = this.#options
    const { adapter, config } = this.#checked(draft)
    const directory = await mkdtemp(join(tmpdir(), 'millwright-preview-'))
    const status = new StatusKeeper(clock, () => undefined)
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    const readings = new PreviewReadings({ clock, limit, status, enough: resolve })
    const timer = clock.after(seconds * SECOND, resolve)
    signal?.addEventListener('abort', () => resolve(), { once: true })
    try {
      const connection = adapter.create(config, {
        id: 'preview',
        name: 'Preview',
        clock,
        log,
        random: Math.random,
        purpose: 'preview',
        directory,
        identity,
        readings,
        status: status.port(),
        feed: undefined,
      })
      status.counters = () => connection.counters
      const started = connection.start()
      started.catch((error: unknown) => {
        status.become('failed', sentence(error))
        resolve()
      })
      await enough
      const shown = status.shown()
      readings.end()
      await within(clock, STOP_TIME, connection.stop()).catch((error: unknown) =>
        log.warn({ err: error, adapter: draft.adapter }, 'a preview did not stop as it should'),
      )
      return { readings: readings.readings, refused: readings.refused, status: shown }
    } finally {
      timer.cancel()
      await rm(directory, { recursive: true, force: true })
    }
  }

  #checked({ adapter: id, config }: Draft): { adapter: ConnectionAdapter; config: unknown } {
    const adapter = this.#options.adapters.get(id)
    if (adapter === undefined) throw connectivityErrors.adapterUnknown({ path: 'adapter', adapter: id })
    return { adapter, config: checkedConfig(adapter, config) }
  }

  async #limited<T>(gone: AbortSignal | undefined, work: (ports: ProbePorts) => Promise<T>): Promise<T> {
    const { clock, log, identity } = this.#options
    const over = new AbortController()
    const abort = () => over.abort()
    gone?.addEventListener('abort', abort, { once: true })
    try {
      return await within(clock, PROBE_TIME, work({ clock, log, identity, signal: over.signal }))
    } finally {
      gone?.removeEventListener('abort', abort)
      abort()
    }
  }
}
