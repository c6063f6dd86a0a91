/** Keeps a session with the instrument: opens it, sets it up, and opens it again when it ended. */
import { type ConnectionPorts, reconnectWait } from '@millwright/connectivity'
import { MillwrightError, type Timer } from '@millwright/foundation'
import { DEFAULTS, type ScpiConfig } from '../config.ts'
import { scpiErrors } from '../errors.ts'
import { Session, type SessionCounters } from './session.ts'

export interface KeeperEvents {
  up(session: Session): void
  down(error: Error): void
  /** A person must change something: another instrument is there. */
  wrong(error: Error): void
}

/** Another instrument at the address is looked for again this seldom. */
const WRONG_FOR = 30_000_000

export class Keeper {
  readonly #config: ScpiConfig
  readonly #ports: Pick<ConnectionPorts, 'clock' | 'random'>
  readonly #events: KeeperEvents
  readonly #counters: SessionCounters
  readonly #stopping = new AbortController()
  #session: Session | undefined
  #timer: Timer | undefined
  #failures = 0

  constructor(
    config: ScpiConfig,
    ports: Pick<ConnectionPorts, 'clock' | 'random'>,
    events: KeeperEvents,
    counters: SessionCounters,
  ) {
    this.#config = config
    this.#ports = ports
    this.#events = events
    this.#counters = counters
  }

  get session(): Session | undefined {
    return this.#session
  }

  start(): void {
    openInstrument(this.#config, this.#ports.clock, this.#counters, this.#stopping.signal).then(
      (session) => this.#opened(session),
      (error: Error) => this.#again(error),
    )
  }

  stop(): void {
    this.#stopping.abort()
    this.#timer?.cancel()
    this.#session?.close()
  }

  /** The session was of use: the next failure is the first again. */
  worked(): void {
    this.#failures = 0
  }

  #opened(session: Session): void {
    if (this.#stopping.signal.aborted) {
      session.close()
      return
    }
    this.#session = session
    void session.ended.then((error) => {
      this.#session = undefined
      this.#again(error)
    })
    this.#events.up(session)
  }

  #again(error: Error): void {
    if (this.#stopping.signal.aborted) return
    const wrong = error instanceof MillwrightError && error.code === 'MW-SCPI-0015'
    if (wrong) this.#events.wrong(error)
    else this.#events.down(error)
    const wait = wrong ? WRONG_FOR : reconnectWait(++this.#failures, this.#ports.random)
    this.#timer = this.#ports.clock.after(wait, () => this.start())
  }
}

/** Connects, checks whose port it is, and sends the setup. Rejects with a MillwrightError. */
export async function openInstrument(
  config: ScpiConfig,
  clock: ConnectionPorts['clock'],
  counters: SessionCounters,
  signal: AbortSignal,
): Promise<Session> {
  const session = await Session.open(
    {
      host: config.host,
      port: config.port ?? DEFAULTS.port,
      timeout: config.timeout ?? DEFAULTS.timeout,
      longest: config.longest ?? DEFAULTS.longest,
      terminator: config.terminator === '\\r\\n' ? '\r\n' : '\n',
      clock,
      counters,
    },
    signal,
  )
  const wanted = config.identity ?? ''
  if (!session.identity.includes(wanted)) {
    session.close()
    const peer = `${config.host}:${config.port ?? DEFAULTS.port}`
    throw scpiErrors.otherInstrument({ peer, identity: session.identity, wanted })
  }
  for (const command of config.setup ?? []) await session.tell(command)
  return session
}
