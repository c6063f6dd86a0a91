import type { ProbePorts } from '@millwright/connectivity'
import type { ConnectionTest } from '@millwright/contracts'
import { MillwrightError } from '@millwright/foundation'
import { EXCEPTION } from '../codec/functions.ts'
import { describeRequest, encodeRequest, type Request } from '../codec/pdu.ts'
import { DEFAULTS, type ModbusConfig } from '../config.ts'
import type { Lines } from '../lines.ts'
import type { Asking } from '../link/job.ts'
import { isLineError } from '../link/line.ts'
import type { ReadRange } from '../plan/plan.ts'
import { type Target, targetsOf } from '../plan/program.ts'
import { probing } from './probing.ts'
import { shownValues } from './shown.ts'

/** So many devices are asked; the rest is alike. */
const MOST_DEVICES = 10
/** Any device that speaks Modbus answers this, be it by an exception. */
const HELLO: Request = { function: 3, address: 0, count: 1 }

type Step = ConnectionTest['steps'][number]

/** What one device said. */
interface Outcome {
  readonly peer: string
  readonly asking: Asking
  readonly request: Request
  readonly range: ReadRange | undefined
  readonly answer: Uint8Array | Error
  /** µs. */
  readonly took: number
}

/** Connects, and asks each of the first devices for its first registers, all at once. */
export function testModbus(config: ModbusConfig, ports: ProbePorts): Promise<ConnectionTest> {
  return probing(config, ports, async (lines) => {
    const targets = targetsOf(config)
    const asked: (Target | undefined)[] = targets.length === 0 ? [undefined] : targets.slice(0, MOST_DEVICES)
    const outcomes = await Promise.all(asked.map((target) => ask(lines, target, config, ports)))
    const steps = stepsOf(outcomes, config.transport.type === 'rtu' ? 'Serial port' : 'TCP connection to')
    if (targets.length > MOST_DEVICES) {
      const detail = `The other ${targets.length - MOST_DEVICES} devices were not asked.`
      steps.push({ name: 'Further devices', ok: true, detail, took: 0 })
    }
    return { ok: steps.every(({ ok }) => ok), steps, certificates: [] }
  })
}

async function ask(
  lines: Lines,
  target: Target | undefined,
  config: ModbusConfig,
  ports: ProbePorts,
): Promise<Outcome> {
  const line = lines.line(target)
  const range = target?.program.rates[0]?.ranges[0]
  const request = range?.request ?? HELLO
  const timeout = config.timeout ?? DEFAULTS.timeout
  const asking = target ?? { name: `Unit ${DEFAULTS.unit}`, unit: DEFAULTS.unit, timeout, pause: 0 }
  const began = ports.clock.steady()
  const answer = await line.ask(asking, request, encodeRequest(request)).catch((error: Error) => error)
  return { peer: line.peer, asking, request, range, answer, took: Math.round(ports.clock.steady() - began) }
}

/** Each connection once, then what its devices said. */
function stepsOf(outcomes: readonly Outcome[], connection: string): Step[] {
  const steps: Step[] = []
  for (const [peer, devices] of Map.groupBy(outcomes, (outcome) => outcome.peer)) {
    const name = `${connection} ${peer}`
    const lost = devices.filter(({ answer }) => isLineError(answer))
    if (lost.length === devices.length) {
      const { answer, took } = lost[0]!
      steps.push({ name, ok: false, detail: (answer as Error).message, took })
      continue
    }
    steps.push({ name, ok: true, detail: 'Connected.', took: Math.min(...devices.map(({ took }) => took)) })
    for (const device of devices) steps.push(deviceStep(device))
  }
  return steps
}

function deviceStep({ asking, request, range, answer, took }: Outcome): Step {
  const name = `${asking.name} (unit ${asking.unit}): ${describeRequest(request)}`
  if (answer instanceof Error) return { name, took, ...refusal(answer, range?.points.length ?? 0) }
  return { name, ok: true, detail: range === undefined ? 'It answers.' : shownValues(range, answer), took }
}

/** A device that refuses is there; what it refused may be read in smaller pieces. */
function refusal(error: Error, points: number): Pick<Step, 'ok' | 'detail'> {
  const code = error instanceof MillwrightError ? error.details['exceptionCode'] : undefined
  const hello = points === 0 && (code === EXCEPTION.illegalFunction || code === EXCEPTION.illegalAddress)
  if (hello) return { ok: true, detail: `It answers: ${error.message}` }
  if (points > 1 && (code === EXCEPTION.illegalAddress || code === EXCEPTION.illegalValue)) {
    const detail = `It answers, but not to all at once; smaller pieces are tried when it runs. ${error.message}`
    return { ok: true, detail }
  }
  return { ok: false, detail: error.message }
}
