import { type MetricRows, type ProbePorts, ROW } from '@millwright/connectivity'
import type { ConnectionTest } from '@millwright/contracts'
import { MILLISECOND, SECOND, type Timer } from '@millwright/foundation'
import type { LinesConfig } from './config.ts'
import { controlText } from './framing/escapes.ts'
import { Lines } from './lines.ts'
import { createSource, sourceName } from './source/open.ts'

/** How long a test waits for the first lines. */
const LISTEN_FOR = 5 * SECOND
/** And for more of them, once one came. */
const AFTER_FIRST = 300 * MILLISECOND
const SHOWN = 3

/** Connects or listens, and shows what the first lines give. */
export async function testLines(config: LinesConfig, ports: ProbePorts): Promise<ConnectionTest> {
  const steps: ConnectionTest['steps'] = []
  const began = ports.clock.steady()
  const took = () => Math.round(ports.clock.steady() - began)
  const done = Promise.withResolvers<void>()
  const read: string[] = []
  const unread: string[] = []
  let first: Timer | undefined
  const came = () => {
    first ??= ports.clock.after(AFTER_FIRST, done.resolve)
  }
  const lines = new Lines(
    config,
    { ...ports, id: 'test', readings: showing(read, came) },
    {
      read: () => undefined,
      unread: (line, error) => {
        if (unread.length < SHOWN) unread.push(`${JSON.stringify(line.slice(0, 200))}: ${error.message}`)
        came()
      },
    },
  )
  const name = sourceName(config.source)
  const opens = config.source.type === 'tcp-server' || config.source.type === 'udp' ? 'Listening on' : 'Connection to'
  const source = createSource(
    config.source,
    {
      up: () => {
        steps.push({ name: `${opens} ${name}`, ok: true, detail: 'Open.', took: took() })
        for (const { text } of config.requests ?? []) source.send(Buffer.from(controlText(text, ''), 'latin1'))
      },
      down: (error) => {
        steps.push({ name: `${opens} ${name}`, ok: false, detail: error.message, took: took() })
        done.resolve()
      },
      data: (peer, bytes) => lines.push(peer, bytes),
      end: (peer) => lines.end(peer),
    },
    { clock: ports.clock, random: () => 0 },
  )
  const timer = ports.clock.after(LISTEN_FOR, done.resolve)
  ports.signal.addEventListener('abort', () => done.resolve())
  source.start()
  await done.promise
  timer.cancel()
  first?.cancel()
  await source.stop()
  if (steps.at(-1)?.ok) steps.push(lineStep(read, unread, took()))
  if (steps.length === 0)
    steps.push({ name: `${opens} ${name}`, ok: false, detail: 'No answer in time.', took: took() })
  return { ok: steps.every(({ ok }) => ok), steps, certificates: [] }
}

function lineStep(read: readonly string[], unread: readonly string[], took: number): ConnectionTest['steps'][number] {
  const name = 'Lines'
  if (read.length > 0) return { name, ok: true, detail: read.join(' | '), took }
  if (unread.length > 0) return { name, ok: false, detail: unread.join(' | '), took }
  return {
    name,
    ok: false,
    detail: `No line came within ${LISTEN_FOR / SECOND} s: does the device send by itself?`,
    took,
  }
}

/** Takes readings only to show them. */
function showing(read: string[], came: () => void) {
  return {
    async accept(rows: MetricRows, source: string, device?: string) {
      if (read.length < SHOWN) read.push(`${device ?? source}: ${shown(rows)}`)
      came()
    },
    refuse: async () => undefined,
    online: () => undefined,
    offline: () => undefined,
    saturated: false,
    drained: async () => undefined,
  }
}

function shown(rows: MetricRows): string {
  const parts: string[] = []
  for (let row = 0; row < Math.min(rows.length, 10); row++) {
    const wide = rows.wide[row]
    const value =
      wide?.kind === 'state'
        ? JSON.stringify(wide.value)
        : rows.kind[row] === ROW.none
          ? 'no value'
          : String(rows.value[row])
    const unit = rows.hasUnits && rows.unit[row] !== undefined ? ` ${rows.unit[row]}` : ''
    parts.push(`${rows.name[row]} ${value}${unit}`)
  }
  return parts.join(', ')
}
