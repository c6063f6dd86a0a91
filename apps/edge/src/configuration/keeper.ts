import { AgentConfiguration } from '@millwright/contracts'
import { type Clock, type Log, type Micros, SECOND, type Timer } from '@millwright/foundation'
import { Value } from 'typebox/value'
import { edgeErrors } from '../errors.ts'
import type { ConfigurationStore, Outcome } from './store.ts'

export interface KeeperOptions {
  readonly store: ConfigurationStore
  readonly clock: Clock
  readonly log: Log
  /** Takes the newest configuration from the platform. */
  readonly fetch: () => Promise<unknown>
  /** Puts a configuration to work; what a peer or a connection does is no error here. */
  readonly activate: (configuration: AgentConfiguration) => Promise<void>
  /** Resolves when the platform has answered something that was asked from now on. */
  readonly confirm: () => Promise<void>
  /** What is to be reported changed. */
  readonly changed: () => void
}

export const EMPTY: AgentConfiguration = {
  version: 0,
  settings: { queueBytes: 4 * 2 ** 30, backlog: 'oldest-first', whenFull: 'drop-oldest', rollbackAfter: 120 * SECOND },
  connections: [],
  rules: [],
}

/** A changed configuration is looked at this long before the platform is asked whether it still hears us. */
const SETTLE = 3 * SECOND
const ASK_EVERY = 2 * SECOND
/** Starts of the agent with a configuration on trial: one that ends the process every time is given up. */
const MOST_STARTS = 3
const FETCH_AGAIN = 10 * SECOND

/**
 * What the agent is to do, by version:
 *
 *   desired ─> fetched ─> on trial ─(the platform answers)─> applied
 *                 │           └─(it does not within rollbackAfter, or the agent keeps ending)─> rolled back to the last good
 *                 └─(not understood, not applied)─> failed; the one before stays
 *
 * One thing at a time; a version that was given up is not tried again, the next one is.
 */
export class ConfigurationKeeper {
  readonly #options: KeeperOptions
  #configuration: AgentConfiguration = EMPTY
  #outcome: Outcome | undefined
  #desired: number | undefined
  #turn: Promise<void> = Promise.resolve()
  #trialEnds: Micros | undefined
  #timer: Timer | undefined
  #stopped = false

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** The one at work. */
  get configuration(): AgentConfiguration {
    return this.#configuration
  }

  /** What became of the one that is wanted; undefined: none ever was. */
  get outcome(): Outcome | undefined {
    return this.#outcome
  }

  /** On trial until then, by steady time; undefined: it is not. */
  get trialEnds(): Micros | undefined {
    return this.#trialEnds
  }

  /** Reads what is at work, so that it can be put to work before the platform is reached. */
  async load(): Promise<AgentConfiguration> {
    const { store, log } = this.#options
    this.#outcome = await store.outcome()
    const held = await store.current()
    const good = await store.good()
    this.#configuration = held?.configuration ?? good ?? EMPTY
    if (held?.state !== 'trial') return this.#configuration
    if (held.starts >= MOST_STARTS) {
      const reason = `The agent ended ${held.starts} times under it before the platform was reached.`
      log.error({ version: held.configuration.version }, `configuration rolled back: ${reason}`)
      this.#configuration = good ?? EMPTY
      await store.putCurrent({ configuration: this.#configuration, state: 'applied', starts: 0 })
      await this.#end({ version: held.configuration.version, state: 'rolled-back', reason })
    } else {
      await store.putCurrent({ ...held, starts: held.starts + 1 })
      this.#beginTrial()
    }
    return this.#configuration
  }

  /** Puts what was loaded to work; does not wait for it. */
  start(): void {
    this.#turn = this.#turn
      .then(() => this.#options.activate(this.#configuration))
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'the configuration could not be put to work'))
  }

  /** The platform wants this version. */
  want(version: number): void {
    this.#desired = version
    this.#turn = this.#turn.then(() => this.#follow()).catch((error: unknown) => this.#later(error))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#turn
  }

  async #follow(): Promise<void> {
    const version = this.#desired
    if (this.#stopped || version === undefined) return
    // The one at work, or one that was given up already.
    if (version === this.#configuration.version || version === this.#outcome?.version) return
    await this.#take(version, await this.#options.fetch())
  }

  async #take(wanted: number, body: unknown): Promise<void> {
    const { store, log } = this.#options
    const fault = faultOf(body)
    if (fault !== undefined) {
      const { message } = edgeErrors.configurationInvalid({ version: wanted, reason: fault })
      log.error({ version: wanted, reason: fault }, 'a configuration was not understood')
      return this.#end({ version: wanted, state: 'failed', reason: message })
    }
    const configuration = body as AgentConfiguration
    log.info({ version: configuration.version, connections: configuration.connections.length }, 'new configuration')
    await store.putCurrent({ configuration, state: 'trial', starts: 1 })
    await this.#end({ version: configuration.version, state: 'pending' })
    this.#configuration = configuration
    try {
      await this.#options.activate(configuration)
    } catch (error) {
      log.error({ err: error, version: configuration.version }, 'a configuration could not be applied')
      return this.#rollBack('failed', `It could not be applied: ${(error as Error).message}`)
    }
    this.#beginTrial()
  }

  #beginTrial(): void {
    const { clock } = this.#options
    this.#trialEnds = clock.steady() + this.#configuration.settings.rollbackAfter
    this.#timer?.cancel()
    this.#timer = clock.after(SETTLE, () => this.#ask())
  }

  /** Asks the platform for a sign, again and again until the trial is over. */
  #ask(): void {
    const version = this.#configuration.version
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    const patience = this.#options.clock.after(ASK_EVERY * 5, () => resolve('late'))
    const sign = this.#options.confirm().then(
      () => 'heard' as const,
      () => 'unheard' as const,
    )
    void Promise.race([sign, late]).then((answer) => {
      patience.cancel()
      this.#turn = this.#turn.then(() => this.#judge(version, answer === 'heard')).catch((error) => this.#later(error))
    })
  }

  async #judge(version: number, heard: boolean): Promise<void> {
    const { clock, store, log } = this.#options
    if (this.#stopped || this.#trialEnds === undefined || version !== this.#configuration.version) return
    if (heard) {
      this.#trialEnds = undefined
      await store.putGood(this.#configuration)
      await store.putCurrent({ configuration: this.#configuration, state: 'applied', starts: 0 })
      log.info({ version }, 'configuration applied')
      return this.#end({ version, state: 'applied' })
    }
    if (clock.steady() < this.#trialEnds) {
      this.#timer = clock.after(ASK_EVERY, () => this.#ask())
      return
    }
    const seconds = this.#configuration.settings.rollbackAfter / SECOND
    await this.#rollBack('rolled-back', `The platform could not be reached for ${seconds} s after it was applied.`)
  }

  async #rollBack(state: 'rolled-back' | 'failed', reason: string): Promise<void> {
    const { store, log } = this.#options
    const { version } = this.#configuration
    log.error({ version }, `configuration rolled back: ${reason}`)
    this.#trialEnds = undefined
    this.#configuration = (await store.good()) ?? EMPTY
    await store.putCurrent({ configuration: this.#configuration, state: 'applied', starts: 0 })
    await this.#end({ version, state, reason })
    await this.#options.activate(this.#configuration)
  }

  async #end(outcome: Outcome): Promise<void> {
    this.#outcome = outcome
    await this.#options.store.putOutcome(outcome)
    this.#options.changed()
  }

  /** The platform did not give it, or the disk did not take it: tried again while it is wanted. */
  #later(error: unknown): void {
    const { log, clock } = this.#options
    log.warn({ err: error }, 'the configuration could not be followed yet; it is tried again')
    if (this.#stopped) return
    clock.after(FETCH_AGAIN, () => {
      if (this.#desired !== undefined && !this.#stopped) this.want(this.#desired)
    })
  }
}

/** Why a body is no configuration; undefined when it is one. */
function faultOf(body: unknown): string | undefined {
  if (Value.Check(AgentConfiguration, body)) return undefined
  const [error] = Value.Errors(AgentConfiguration, body)
  return error === undefined ? 'no reason' : `${error.instancePath || '/'} ${error.message}`
}
