import type { TLSSocket } from 'node:tls'
import { MillwrightError, SECOND } from '@millwright/foundation'
import type { Ending, MqttContext } from '../context.ts'
import { countRefused } from '../counters.ts'
import { mqttErrors, type Refusal } from '../errors.ts'
import { decodeConnect } from '../wire/decode.ts'
import { CONNACK_V5_UNSUPPORTED, encodeConnack } from '../wire/encode.ts'
import { Framer } from '../wire/framer.ts'
import { PACKET, packetName } from '../wire/packet-types.ts'
import { type Admitted, admit } from './admission.ts'
import { Conversation } from './conversation.ts'
import { Watchdog } from './watchdog.ts'

const PARTING = 2 * SECOND

/**
 * One TLS socket: bytes into packets, deadlines, CONNECT, and the end. Until CONNECT is accepted nothing is kept but what
 * CONNECT itself may hold, and nothing behind it is read.
 */
export class Connection implements Ending {
  readonly #context: MqttContext
  readonly #socket: TLSSocket
  readonly #framer: Framer
  readonly #watchdog: Watchdog
  readonly #identified: () => void
  #state: 'waiting' | 'admitting' | 'open' | 'closed' = 'waiting'
  #held = false
  #conversation: Conversation | undefined
  #unfinished = 0
  #lost = 'the connection was lost'
  #ended: Promise<void> | undefined

  /** @param identified called once the socket is no longer an unknown one: identified, or gone */
  constructor(context: MqttContext, socket: TLSSocket, identified: () => void) {
    this.#context = context
    this.#socket = socket
    this.#framer = new Framer(context.rules)
    this.#watchdog = new Watchdog(context.clock)
    this.#identified = identified
    const { connectSeconds } = context.limits
    this.#watchdog.begin('connect', connectSeconds, () =>
      this.#fail(mqttErrors.connectTooSlow({ seconds: connectSeconds })),
    )
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 60_000)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('drain', () => this.#watchdog.met('drain'))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#lost = `the connection was lost (${error.code ?? error.message})`
    })
    socket.on('end', () => void this.#finish(this.#lost, 'lost'))
    socket.on('close', () => void this.#finish(this.#lost, 'lost'))
  }

  /** Ends it from our side, as a last resort a device must expect: the will is published. */
  end(reason: string): Promise<void> {
    return this.#finish(reason, 'lost')
  }

  /** Ends it because the platform stops: the device did not fail, its will stays unsaid. */
  stop(): Promise<void> {
    return this.#finish('the platform is stopping', 'stopping')
  }

  #read(bytes: Buffer): void {
    if (this.#state === 'closed') return
    this.#context.counters.bytesIn += bytes.length
    this.#watchdog.heard()
    this.#framer.push(bytes)
    this.#drain()
  }

  /** Takes whole packets until there are none, or until the conversation must first settle what it has. */
  #drain(): void {
    try {
      while (!this.#held && this.#state !== 'closed' && this.#framer.next()) this.#take()
    } catch (error) {
      this.#fail(error)
    }
    this.#account()
  }

  #take(): void {
    const { type } = this.#framer
    if (this.#conversation !== undefined) {
      if (type === PACKET.connect)
        throw mqttErrors.unexpectedPacket({ packet: 'CONNECT', when: 'twice [MQTT-3.1.0-2]' })
      this.#conversation.take(this.#framer)
      return
    }
    if (type !== PACKET.connect) {
      throw mqttErrors.unexpectedPacket({ packet: packetName(type), when: 'before CONNECT [MQTT-3.1.0-1]' })
    }
    this.#watchdog.met('connect')
    this.#hold(true)
    this.#state = 'admitting'
    void this.#connect(this.#framer.packet, this.#framer.body).catch((error: unknown) => this.#fail(error))
  }

  async #connect(packet: Buffer, body: number): Promise<void> {
    const connect = decodeConnect(packet, body)
    if (connect.version > 4) {
      // MQTT 5, 3.1.2.2: the client is told in its own protocol that it must fall back.
      this.#refuse(
        { returnCode: 1, error: mqttErrors.protocolVersion({ version: connect.version }) },
        CONNACK_V5_UNSUPPORTED,
      )
      return
    }
    const admission = await admit(this.#context, this.#socket, connect)
    if ('refusal' in admission) this.#refuse(admission.refusal)
    else await this.#open(admission.admitted)
  }

  async #open(admitted: Admitted): Promise<void> {
    const { clients, counters, log } = this.#context
    const { session, id } = admitted
    const unwanted = () => this.#state === 'closed' || this.#context.stopping || session.closed
    // A second connection with the same client id takes over [MQTT-3.1.4-2]; the id carries the device, so only its own.
    for (let other = clients.get(id); other !== undefined && !unwanted(); other = clients.get(id)) {
      await other.end(`another connection of this device took over the client id ${admitted.clientId}`)
    }
    if (unwanted()) {
      session.close('the connection was lost while connecting')
      void this.#finish(this.#lost, 'lost')
      return
    }
    const conversation = this.#converse(admitted)
    this.#conversation = conversation
    clients.set(id, this)
    this.#state = 'open'
    this.#identified()
    counters.connected++
    if (admitted.until !== undefined) {
      const left = (admitted.until - this.#context.clock.now()) / SECOND
      this.#watchdog.begin('certificate', left, () => void this.#finish('the certificate expired', 'cut'))
    }
    session.onCut((cut) => void this.#finish(cut.reason, 'cut'))
    this.#watchdog.keepAlive(admitted.keepAlive, (after) => {
      void this.#finish(`keep-alive timeout: nothing was heard for ${after} s`, 'lost')
    })
    log.info({ device: session.device, client: admitted.clientId, address: session.address }, 'device connected')
    await conversation.begin()
    this.#hold(false)
  }

  /** @throws when the session store does not take it: the device may come again */
  #converse(admitted: Admitted): Conversation {
    try {
      return new Conversation(this.#context, admitted, {
        write: (bytes) => this.#write(bytes),
        hold: (held) => this.#hold(held),
        fail: (error) => this.#fail(error),
        gone: (reason) => void this.#finish(reason, 'lost'),
        leave: () => void this.#finish('the device disconnected', 'left'),
      })
    } catch (error) {
      admitted.session.close('the session could not be opened')
      throw error
    }
  }

  #hold(held: boolean): void {
    if (held === this.#held) return
    this.#held = held
    if (held) {
      this.#socket.pause()
      return
    }
    this.#drain()
    if (!this.#held && this.#state !== 'closed') this.#socket.resume()
  }

  #write(bytes: Buffer): void {
    if (this.#state === 'closed' || this.#socket.destroyed) return
    const { limits, counters } = this.#context
    counters.bytesOut += bytes.length
    if (this.#socket.write(bytes)) return
    if (this.#socket.writableLength > limits.outboundBytes) {
      void this.#finish(`the device reads too slowly: ${this.#socket.writableLength} bytes wait for it`, 'lost')
      return
    }
    this.#watchdog.begin('drain', limits.drainSeconds, () => {
      void this.#finish(`the device took no byte for ${limits.drainSeconds} s`, 'lost')
    })
  }

  /** Bounds on packets that have begun: time for each, memory for all connections together. */
  #account(): void {
    const { limits } = this.#context
    const held = this.#state === 'closed' ? 0 : this.#framer.held
    this.#context.unfinishedBytes += held - this.#unfinished
    this.#unfinished = held
    if (held === 0 || this.#held) {
      this.#watchdog.met('packet')
      return
    }
    const { packetSeconds, unfinishedBytes } = limits
    this.#watchdog.begin('packet', packetSeconds, () =>
      this.#fail(mqttErrors.packetTooSlow({ seconds: packetSeconds })),
    )
    if (this.#context.unfinishedBytes > unfinishedBytes) this.#fail(mqttErrors.unavailable())
  }

  #refuse({ returnCode, error }: Refusal, connack: Buffer = encodeConnack(returnCode)): void {
    if (this.#state === 'closed') return
    countRefused(this.#context.counters, error.code)
    const address = this.#socket.remoteAddress
    const fields = { address, returnCode, err: error.cause }
    this.#context.refusals.note(`${address}`, error.code, fields, `connection refused: ${error.message}`)
    this.#socket.end(connack)
    // The peer may leave its half open for ever.
    this.#watchdog.begin('refused', 5, () => this.#socket.destroy())
    this.#state = 'closed'
    this.#socket.resume()
    this.#identified()
  }

  /** A protocol error, or storage failed: nothing later on this connection can be trusted to be in order. */
  #fail(error: unknown): void {
    if (this.#state === 'closed') return
    const known = error instanceof MillwrightError ? error : mqttErrors.unavailable({ cause: error })
    countRefused(this.#context.counters, known.code)
    const address = this.#socket.remoteAddress
    const fields = { ...(this.#conversation?.who ?? { address }), err: known.cause }
    const peer = this.#conversation?.id ?? `${address}`
    this.#context.refusals.note(peer, known.code, fields, `connection closed: ${known.message}`)
    void this.#finish(known.message, 'lost')
  }

  #finish(reason: string, how: 'lost' | 'left' | 'cut' | 'stopping'): Promise<void> {
    this.#ended ??= this.#close(reason, how)
    return this.#ended
  }

  async #close(reason: string, how: 'lost' | 'left' | 'cut' | 'stopping'): Promise<void> {
    this.#state = 'closed'
    this.#identified()
    this.#watchdog.close()
    this.#context.unfinishedBytes -= this.#unfinished
    this.#unfinished = 0
    // What we wrote last still goes out when the peer reads; a cut connection is gone at once.
    if (how === 'left' || how === 'stopping') this.#part()
    else this.#socket.destroy()
    const conversation = this.#conversation
    if (conversation === undefined) return
    await conversation.end(reason, how === 'lost').catch((error: unknown) => {
      this.#context.log.error({ ...conversation.who, err: error }, 'a session was not left in order')
    })
    if (this.#context.clients.get(conversation.id) === this) this.#context.clients.delete(conversation.id)
  }

  /** Lets what is written go out, but not for ever: a peer that does not read is no reason to stay. */
  #part(): void {
    this.#socket.destroySoon()
    const timer = this.#context.clock.after(PARTING, () => this.#socket.destroy())
    this.#socket.once('close', () => timer.cancel())
  }
}
