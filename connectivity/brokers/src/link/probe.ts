import { randomBytes } from 'node:crypto'
import type { ProbePorts } from '@millwright/connectivity'
import type { ConnectionTest, PeerCertificate } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import { addressOf, type BrokerConfig } from './config.ts'
import { type InboundMessage, MqttLine } from './line.ts'
import { openTcp, openTls } from './socket.ts'
import type { Trouble } from './trouble.ts'

type Step = ConnectionTest['steps'][number]

/** A line for seconds: a session of its own that the broker forgets at once, under a name nobody uses. */
export async function openProbeLine(
  config: BrokerConfig,
  ports: Pick<ProbePorts, 'clock' | 'log' | 'signal'>,
  message: (message: InboundMessage) => void,
  step: (name: string, since: Micros, trouble: Trouble | undefined) => void = () => undefined,
): Promise<MqttLine | Trouble> {
  const { clock, log, signal } = ports
  const address = addressOf(config)
  let began = clock.steady()
  let opened = await openTcp(config, signal)
  step(`TCP connection to ${address}`, began, 'trouble' in opened ? opened.trouble : undefined)
  if ('trouble' in opened) return opened.trouble
  if (config.tls === true) {
    began = clock.steady()
    opened = await openTls(config, opened.socket, clock, signal)
    step('TLS and the broker’s certificate', began, 'trouble' in opened ? opened.trouble : undefined)
    if ('trouble' in opened) return opened.trouble
  }
  began = clock.steady()
  const line = await MqttLine.open(opened.socket, {
    config,
    clientId: probeClientId(),
    sessionExpiry: undefined,
    will: undefined,
    packetBytes: 1024 * 1024,
    inflight: { messages: 100, bytes: 4 * 1024 * 1024 },
    received: new Set(),
    log,
    message(inbound) {
      message(inbound)
      return undefined
    },
    hold: () => undefined,
  })
  const failed = line instanceof MqttLine ? undefined : line
  step(`MQTT ${config.protocol ?? '3.1.1'} session`, began, failed)
  if (line instanceof MqttLine) signal.addEventListener('abort', () => void line.end(), { once: true })
  return line
}

export const probeClientId = (): string => `mw-probe-${randomBytes(6).toString('hex')}`

/**
 * Connects once and says how far it came; `listen` then looks at what is there and says it in words.
 * @param filters subscribed to meanwhile
 */
export async function testBroker(
  config: BrokerConfig,
  ports: ProbePorts,
  filters: readonly string[],
  listenFor: Micros,
  found: (messages: readonly InboundMessage[]) => string,
): Promise<ConnectionTest> {
  const { clock, signal } = ports
  const steps: Step[] = []
  const certificates: PeerCertificate[] = []
  const step = (name: string, since: Micros, failed: Trouble | undefined, detail = 'works') => {
    if (failed?.certificate !== undefined) certificates.push(failed.certificate)
    steps.push({
      name,
      ok: failed === undefined,
      detail: failed?.error.message ?? detail,
      took: clock.steady() - since,
    })
  }
  const messages: InboundMessage[] = []
  const line = await openProbeLine(
    config,
    ports,
    (message) => {
      if (messages.length < 1_000) messages.push(message)
    },
    step,
  )
  if (!(line instanceof MqttLine)) return { ok: false, steps, certificates }
  try {
    if (filters.length > 0) {
      const began = clock.steady()
      const name = `Subscription to ${filters.length === 1 ? filters[0] : `${filters.length} topics`}`
      try {
        await line.subscribe(filters, 0)
        await pause(listenFor, ports)
        step(name, began, undefined, found(messages))
      } catch (error) {
        const { message } = error as Error
        steps.push({ name, ok: false, detail: message, took: clock.steady() - began })
      }
    }
  } finally {
    if (!signal.aborted) await line.end()
  }
  return { ok: steps.every(({ ok }) => ok), steps, certificates }
}

/** Resolves after `wait`, or when the probe is aborted. */
export function pause(wait: Micros, { clock, signal }: Pick<ProbePorts, 'clock' | 'signal'>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(wait, () => done())
    const done = () => {
      timer.cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) done()
    else signal.addEventListener('abort', done, { once: true })
  })
}
