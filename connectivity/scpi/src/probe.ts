import { type MetricRows, type ProbePorts, ROW } from '@millwright/connectivity'
import type { ConnectionTest } from '@millwright/contracts'
import { SECOND } from '@millwright/foundation'
import { DEFAULTS, type ScpiConfig } from './config.ts'
import { openInstrument } from './session/keeper.ts'
import { readErrors, runScript } from './session/script.ts'
import type { Session } from './session/session.ts'

const MOST_SCRIPTS = 10
/** What is not answered by then is said to be so, before the person's patience (and the platform's) ends. */
const WITHIN = 12 * SECOND
/** ms; a test does not wait longer for one answer. */
const LONGEST_ANSWER = 5_000

/** Connects, asks the instrument who it is, runs each script once, and looks into the error queue. */
export async function testScpi(config: ScpiConfig, ports: ProbePorts): Promise<ConnectionTest> {
  const steps: ConnectionTest['steps'] = []
  const timed = async (name: string, work: () => Promise<string>): Promise<boolean> => {
    const began = ports.clock.steady()
    const took = () => Math.round(ports.clock.steady() - began)
    try {
      steps.push({ name, ok: true, detail: await work(), took: took() })
    } catch (error) {
      steps.push({ name, ok: false, detail: (error as Error).message, took: took() })
    }
    return steps.at(-1)!.ok
  }
  const timeout = Math.min(config.timeout ?? DEFAULTS.timeout, LONGEST_ANSWER)
  let session: Session | undefined
  const close = () => session?.close()
  ports.signal.addEventListener('abort', close)
  const timer = ports.clock.after(WITHIN, close)
  const counters = { queries: 0, timeouts: 0, strays: 0, resyncs: 0 }
  const reached = await timed(
    `TCP connection to ${config.host}:${config.port ?? DEFAULTS.port} and *IDN?`,
    async () => {
      session = await openInstrument({ ...config, timeout }, ports.clock, counters, ports.signal)
      return session.identity
    },
  )
  if (reached) {
    for (const script of config.scripts.slice(0, MOST_SCRIPTS)) {
      if (!(await timed(script.steps.map(({ send }) => send).join(', '), () => once(session!, script, ports)))) break
    }
    if (config.errorQueue !== false) await timed('SYST:ERR?', () => emptied(session!))
  }
  timer.cancel()
  ports.signal.removeEventListener('abort', close)
  close()
  return { ok: steps.every(({ ok }) => ok), steps, certificates: [] }
}

async function once(session: Session, script: ScpiConfig['scripts'][number], ports: ProbePorts): Promise<string> {
  const found: string[] = []
  await runScript(session, script, {
    now: () => ports.clock.now(),
    gave: (rows) => void found.push(shown(rows)),
    refused: (_, __, error) => {
      throw error
    },
  })
  return found.length === 0 ? 'Sent.' : found.join(', ')
}

async function emptied(session: Session): Promise<string> {
  const errors = await readErrors(session)
  if (errors === undefined) return 'The instrument does not answer it: its errors are not read.'
  if (errors.length === 0) return 'No errors.'
  throw new Error(`The instrument says: ${errors.join('; ')}`)
}

function shown(rows: MetricRows): string {
  const parts: string[] = []
  for (let row = 0; row < Math.min(rows.length, 10); row++) {
    const wide = rows.wide[row]
    const unit = rows.hasUnits && rows.unit[row] !== undefined ? ` ${rows.unit[row]}` : ''
    let value = rows.kind[row] === ROW.none ? 'no value' : String(rows.value[row])
    if (wide?.kind === 'state') value = JSON.stringify(wide.value)
    else if (wide?.kind === 'waveform') value = `${wide.samples.length} samples at ${wide.sampleRate} Hz`
    parts.push(`${rows.name[row]} ${value}${unit}`)
  }
  return parts.join(', ')
}
