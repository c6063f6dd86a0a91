import {
  type ConnectionCommand,
  type ConnectionPorts,
  MetricRows,
  QUALITY,
  ROW,
  type RunningConnection,
} from '@millwright/connectivity'
import { MILLISECOND, MillwrightError, SECOND, type Timer } from '@millwright/foundation'
import { runCommand } from './commands.ts'
import { DEFAULTS, type Result, type ScpiConfig, type Script, type Step } from './config.ts'
import { scpiErrors } from './errors.ts'
import { Keeper } from './session/keeper.ts'
import { readErrors, runScript } from './session/script.ts'
import { isTimeout, type Session, type SessionCounters } from './session/session.ts'

export class ScpiConnection implements RunningConnection {
  readonly #config: ScpiConfig
  readonly #ports: ConnectionPorts
  readonly #keeper: Keeper
  readonly #session: SessionCounters = { queries: 0, timeouts: 0, strays: 0, resyncs: 0 }
  readonly #own = { scripts: 0, overruns: 0, refused: 0, instrument_errors: 0, not_stored: 0 }
  readonly #timers = new Map<Script, Timer>()
  readonly #open = new Set<Promise<void>>()
  /** What is wrong with each script; empty: it runs. */
  readonly #problems = new Map<Script, string>()
  /** Metrics that have had a value, and are told when the instrument goes away. */
  readonly #seen = new Set<string>()
  #errorQueue: boolean
  #stopped = false
  #said = ''

  constructor(config: ScpiConfig, ports: ConnectionPorts) {
    this.#config = config
    this.#ports = ports
    this.#errorQueue = config.errorQueue !== false
    const events = {
      up: (session: Session) => this.#up(session),
      down: (error: Error) => this.#down('waiting', error),
      wrong: (error: Error) => this.#down('failed', error),
    }
    this.#keeper = new Keeper(config, ports, events, this.#session)
  }

  async start(): Promise<void> {
    this.#keeper.start()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    this.#keeper.stop()
    const late = Promise.withResolvers<void>()
    const timer = this.#ports.clock.after(3 * SECOND, late.resolve)
    await Promise.race([Promise.all(this.#open), late.promise])
    timer.cancel()
  }

  async command({ name, params, signal }: ConnectionCommand): Promise<unknown> {
    const session = this.#keeper.session
    if (session === undefined) throw scpiErrors.notConnected()
    return await runCommand(session, this.#config, name, params, signal)
  }

  get counters(): Readonly<Record<string, number>> {
    const { queries, timeouts, strays, resyncs } = this.#session
    return { ...this.#own, queries, timeouts, stray_answers: strays, resyncs }
  }

  #up(session: Session): void {
    this.#problems.clear()
    this.#ports.log.info({ connection: this.#ports.id, identity: session.identity }, 'instrument connected')
    if (this.#config.scripts.length === 0) this.#say('running', '')
    for (const script of this.#config.scripts) this.#schedule(script, session, this.#ports.clock.steady())
  }

  #down(state: 'waiting' | 'failed', error: Error): void {
    this.#cancel()
    if (this.#seen.size > 0) {
      const rows = new MetricRows()
      for (const metric of this.#seen) rows.push(metric, ROW.none, Number.NaN, QUALITY.badNoCommunication)
      rows.setTime(0, this.#ports.clock.now())
      this.#track(this.#ports.readings.accept(rows, '*IDN?'))
      this.#seen.clear()
    }
    this.#say(state, error.message)
  }

  #cancel(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  /** @param due on the steady clock */
  #schedule(script: Script, session: Session, due: number): void {
    if (this.#stopped || session !== this.#keeper.session) return
    const interval = (script.interval ?? DEFAULTS.interval) * MILLISECOND
    const work = async () => {
      await this.#run(script, session)
      let next = due + interval
      const now = this.#ports.clock.steady()
      if (next < now) {
        const missed = Math.ceil((now - next) / interval)
        this.#own.overruns += missed
        next += missed * interval
      }
      this.#schedule(script, session, next)
    }
    const timer = this.#ports.clock.after(due - this.#ports.clock.steady(), () => {
      // A session that ended is told by itself; anything else is a fault of ours and must be seen.
      work().catch((err: Error) => {
        this.#ports.log.error({ connection: this.#ports.id, err }, 'a script is not run any more')
        this.#say('degraded', `A script is not run any more because of a fault in this program: ${err.message}`)
      })
    })
    this.#timers.set(script, timer)
  }

  async #run(script: Script, session: Session): Promise<void> {
    if (this.#ports.readings.saturated) await this.#ports.readings.drained()
    if (this.#stopped || session !== this.#keeper.session) return
    this.#own.scripts++
    this.#problems.set(script, '')
    try {
      await session.alone(() => this.#steps(script, session))
      this.#keeper.worked()
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      // When the connection ended, the keeper says so.
      if (!isTimeout(error)) return
      this.#problems.set(script, error.message)
    }
    const problems = [...this.#problems.values()].filter((problem) => problem !== '')
    if (problems.length > 0) this.#say('degraded', problems.join(' '))
    else this.#say('running', '')
  }

  async #steps(script: Script, session: Session): Promise<void> {
    await runScript(session, script, {
      now: () => this.#ports.clock.now(),
      gave: (rows, step) => {
        for (const metric of keptMetrics(step.result!)) this.#seen.add(metric)
        this.#track(this.#ports.readings.accept(rows, step.send))
      },
      refused: (answer, step, error) => this.#refused(script, answer, step, error),
    })
    if (!this.#errorQueue) return
    const errors = await readErrors(session)
    if (errors === undefined) {
      this.#errorQueue = false
      this.#ports.log.warn({ connection: this.#ports.id }, 'the instrument has no error queue: it is not read any more')
    } else if (errors.length > 0) {
      this.#own.instrument_errors += errors.length
      this.#problems.set(
        script,
        `The instrument says: ${errors.slice(0, 3).join('; ')} (after ${script.steps[0]!.send}).`,
      )
    }
  }

  #refused(script: Script, answer: Buffer, step: Step, error: MillwrightError): void {
    this.#own.refused++
    this.#problems.set(script, error.message)
    this.#track(this.#ports.readings.refuse(answer.subarray(0, 4_096), step.send, error))
  }

  #track(work: Promise<void>): void {
    const settled: Promise<void> = work
      .catch((err: Error) => {
        this.#own.not_stored++
        this.#ports.log.warn({ connection: this.#ports.id, err }, 'readings were not stored')
      })
      .finally(() => this.#open.delete(settled))
    this.#open.add(settled)
  }

  #say(state: 'running' | 'degraded' | 'waiting' | 'failed', reason: string): void {
    if (this.#stopped || `${state}${reason}` === this.#said) return
    this.#said = `${state}${reason}`
    if (state === 'running') this.#ports.status.running()
    else this.#ports.status[state](reason)
  }
}

/** Waveforms have no "no value". */
function keptMetrics(result: Result): readonly string[] {
  if (result.type === 'list') return result.metrics.filter((metric) => metric !== '')
  return result.type === 'waveform' ? [] : [result.metric]
}
