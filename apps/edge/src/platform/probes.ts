import type { Prober } from '@millwright/connectivity'
import type { PlatformLink } from './link.ts'

export interface ProbesOptions {
  readonly link: PlatformLink
  readonly prober: Prober
  /** Loads an adapter before it is asked for. */
  readonly load: (adapter: string) => Promise<unknown>
}

/** Tries drafts of connections for the console: the draft, with its secrets, is taken over mutual TLS. */
export function answerProbes({ link, prober, load }: ProbesOptions): void {
  link.answer('connection.probe', async (params) => {
    const { probe } = (params ?? {}) as { probe?: unknown }
    if (typeof probe !== 'string' || !/^[0-9a-f]{32}$/.test(probe)) throw new Error('The probe is not named.')
    const asked = await link.get(`/api/v1/devices/me/probes/${probe}`, 'The draft to be tried')
    const { kind, adapter, config, node, cursor, limit, seconds } = asked as {
      kind: string
      adapter: string
      config: Record<string, unknown>
      node?: string
      cursor?: string
      limit?: number
      seconds?: number
    }
    await load(adapter)
    const draft = { adapter, config }
    if (kind === 'test') return prober.test(draft)
    if (kind === 'browse') return prober.browse(draft, { node, cursor, limit: limit ?? 200 })
    return prober.preview(draft, { seconds: seconds ?? 5, limit: limit ?? 100 })
  })
}
