import type { Platform } from './start.ts'

/** A node of V8's CPU profile, as the DevTools protocol gives it. */
interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[]
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Profiles the platform's main thread while `work` runs. The platform opens its inspector only now, on this machine. */
export async function profiled(platform: Platform, work: () => Promise<void>): Promise<CpuProfile> {
  const inspector = await attach(platform)
  try {
    await inspector.call('Profiler.enable')
    await inspector.call('Profiler.setSamplingInterval', { interval: 500 })
    await inspector.call('Profiler.start')
    await work()
    return ((await inspector.call('Profiler.stop')) as { profile: CpuProfile }).profile
  } finally {
    inspector.close()
  }
}

async function attach(platform: Platform) {
  process.kill(platform.pid, 'SIGUSR1')
  const deadline = performance.now() + 10_000
  let address: string | undefined
  while (address === undefined) {
    address = /Debugger listening on (ws:\S+)/.exec(platform.log())?.[1]
    if (performance.now() > deadline) throw new Error('the inspector did not open')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error(`no answer at ${address}`))
  })
  let next = 1
  const waiting = new Map<number, (result: unknown) => void>()
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown }
    waiting.get(id)?.(result)
    waiting.delete(id)
  }
  return {
    call(method: string, params: object = {}): Promise<unknown> {
      const id = next++
      socket.send(JSON.stringify({ id, method, params }))
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    close: () => socket.close(),
  }
}

/** Where a function belongs, first match wins: `url` of its script, then its name where V8 gives no script. */
const PLACES: readonly (readonly [place: string, url: RegExp, name?: RegExp])[] = [
  ['idle', /^$/, /^\(idle\)$/],
  ['garbage collection', /^$/, /^\(garbage collector\)$/],
  ['native code under no JavaScript (TLS records in, event loop)', /^$/, /^\(program\)$/],
  ['decode: JSON to rows', /connectivity\/core\/src\/codecs\//],
  ['resolve: rows to signals, limits, last messages', /connectivity\/core\/src\//],
  ['MQTT: framing, acknowledgements', /connectivity\/mqtt\/src\//],
  ['MQTT: aedes, mqtt-packet', /node_modules\/(aedes|mqtt|mqemitter|qlobber)/],
  ['judge: quality', /data\/src\/quality\//],
  ['serialise: rows to TSV', /data\/src\/ingest\/(tsv|serialise|storage-classes)/],
  ['windows: open, commit, tell', /data\/src\/ingest\//],
  ['history: rollup marks, latest values', /data\/src\/historian\//],
  ['live views', /data\/src\/live\/|server\/src\/live\/|node_modules\/ws\//],
  ['rules and alarms', /monitoring\/src\//],
  ['storage: chDB and PGlite calls', /foundation\/storage\/|node_modules\/(chdb|@clickhouse|@electric-sql)/],
  [
    'TLS, sockets, streams of Node',
    /^node:(internal\/)?(tls|_tls|net|stream|js_stream|crypto)|node:_tls|node:internal\/stream/,
  ],
  ['TLS, sockets, streams of Node', /^$/, /^(write\w*|readStart|readStop|shutdown|start|reading|receive)$/],
  ['timers, promises, events of Node', /^node:/],
  ['V8 built-ins', /^$/],
]

/** Seconds on the main thread by place, most first. */
export function byPlace(profile: CpuProfile): [place: string, seconds: number][] {
  const places = new Map<number, string>()
  for (const { id, callFrame } of profile.nodes) {
    const { url, functionName } = callFrame
    const found = PLACES.find(([, script, name]) => script.test(url) && (name === undefined || name.test(functionName)))
    places.set(id, found?.[0] ?? 'the rest')
  }
  const seconds = new Map<string, number>()
  for (const [i, id] of profile.samples.entries()) {
    const place = places.get(id) ?? 'the rest'
    seconds.set(place, (seconds.get(place) ?? 0) + profile.timeDeltas[i]! / 1e6)
  }
  return [...seconds].sort((a, b) => b[1] - a[1])
}

/** Functions with the most time of their own, for whoever looks for what to mend. */
export function topFunctions(profile: CpuProfile, count: number): [name: string, seconds: number][] {
  const seconds = new Map<number, number>()
  for (const [i, id] of profile.samples.entries()) {
    seconds.set(id, (seconds.get(id) ?? 0) + profile.timeDeltas[i]! / 1e6)
  }
  const named = new Map<string, number>()
  for (const { id, callFrame } of profile.nodes) {
    const script = callFrame.url.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')
    const name = `${callFrame.functionName || '(anonymous)'} ${script}`.trim()
    named.set(name, (named.get(name) ?? 0) + (seconds.get(id) ?? 0))
  }
  return [...named].sort((a, b) => b[1] - a[1]).slice(0, count)
}
