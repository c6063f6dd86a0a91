import type { LiveMessage, LiveRequest } from '@millwright/contracts'

type Readings = Extract<LiveMessage, { type: 'readings' }>
type AlarmMessage = Extract<LiveMessage, { type: 'alarm' }>
type EventMessage = Extract<LiveMessage, { type: 'event' }>

/**
 * What a live connection tells of itself: `since` is the wall clock in ms at which the state began. `refused`: the platform
 * does not let this viewer in (any more), and `reason` says why; it is tried again with the next subscription only.
 */
export interface LinkState {
  readonly state: 'connecting' | 'open' | 'lost' | 'refused' | 'closed'
  readonly since: number
  readonly reason?: string
}

export interface LiveClient {
  /** Rows of signals; `index` in a message points into `signals`. Returns what ends the subscription. */
  signals(signals: string[], onRows: (rows: Readings) => void, options?: { maxRate?: number }): () => void
  alarms(onAlarm: (message: AlarmMessage) => void): () => void
  events(onEvent: (message: EventMessage) => void): () => void
  readonly link: LinkState
  onLink(listener: (link: LinkState) => void): () => void
  onError(listener: (error: { code: string; detail: string }) => void): () => void
  close(): void
}

export interface LiveSettings {
  /** `wss://plant.example:8080`; empty in a browser: the page's own origin. */
  readonly url?: string
  /** Makes the socket: where headers or a pinned authority are needed (Node). */
  readonly open?: (url: string) => WebSocket
  /**
   * Asked when a connection did not come about, which a WebSocket never explains: why it is pointless to come back, or
   * undefined to try again. Default in a browser: what `GET /session` answers the page.
   */
  readonly refusal?: () => Promise<string | undefined>
}

const FIRST_WAIT = 500
const LONGEST_WAIT = 15_000
/** A link that says nothing, not even an answer to a ping, for this long is taken for lost. */
const SILENCE = 20_000
/** The platform ended the connection because its session has ended. */
const SESSION_ENDED = 4401

interface Held {
  readonly request: Extract<LiveRequest, { type: 'subscribe' }>
  readonly onMessage: (message: LiveMessage) => void
}

/** A live connection that comes back by itself, with all its subscriptions. */
export function liveClient(settings: LiveSettings = {}): LiveClient {
  const held = new Map<string, Held>()
  const linkListeners = new Set<(link: LinkState) => void>()
  const errorListeners = new Set<(error: { code: string; detail: string }) => void>()
  let link: LinkState = { state: 'connecting', since: Date.now() }
  let socket: WebSocket | undefined
  let wait = FIRST_WAIT
  let heard = Date.now()
  let timer: ReturnType<typeof setTimeout> | undefined
  let next = 1

  const become = (state: LinkState['state'], reason?: string) => {
    if (link.state === state) return
    link = { state, since: Date.now(), ...(reason === undefined ? {} : { reason }) }
    for (const listener of linkListeners) listener(link)
  }
  const send = (request: LiveRequest) => {
    if (socket?.readyState === 1) socket.send(JSON.stringify(request))
  }
  const address = () => {
    const base = settings.url ?? globalThis.location.origin
    return `${base.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/live`
  }
  const refuse = (reason: string) => {
    become('refused', reason)
    for (const listener of errorListeners) listener({ code: 'refused', detail: reason })
  }
  const refusal = settings.refusal ?? (settings.open === undefined ? refusalOfPage : async () => undefined)
  const again = () => {
    timer = setTimeout(open, wait)
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }
  const open = () => {
    let stood = false
    const mine = (settings.open ?? ((url: string) => new WebSocket(url)))(address())
    socket = mine
    mine.onopen = () => {
      stood = true
      wait = FIRST_WAIT
      heard = Date.now()
      become('open')
      for (const { request } of held.values()) send(request)
    }
    mine.onmessage = (event) => {
      heard = Date.now()
      receive(JSON.parse(String(event.data)) as LiveMessage)
    }
    mine.onclose = async ({ code, reason: said }) => {
      if (socket !== mine || link.state === 'closed') return
      if (code === SESSION_ENDED) return refuse(said === '' ? 'the session has ended' : said)
      become('lost')
      const reason = stood ? undefined : await refusal().catch(() => undefined)
      if (socket !== mine || link.state !== 'lost') return
      if (reason === undefined) again()
      else refuse(reason)
    }
  }
  const receive = (message: LiveMessage) => {
    if (message.type === 'error') for (const listener of errorListeners) listener(message)
    if (message.type === 'readings' || message.type === 'alarm' || message.type === 'event') {
      held.get(message.id)?.onMessage(message)
    }
  }
  const watch = setInterval(() => {
    if (link.state !== 'open') return
    if (Date.now() - heard > SILENCE) socket?.close()
    else send({ type: 'ping' })
  }, SILENCE / 2)
  const subscribe = (
    make: (id: string) => Extract<LiveRequest, { type: 'subscribe' }>,
    onMessage: (message: LiveMessage) => void,
  ) => {
    const id = String(next++)
    const request = make(id)
    held.set(id, { request, onMessage })
    if (link.state === 'refused') {
      // Somebody may have signed in since.
      become('connecting')
      open()
    } else send(request)
    return () => {
      if (held.delete(id)) send({ type: 'unsubscribe', id })
    }
  }
  open()

  return {
    signals: (signals, onRows, options = {}) =>
      subscribe(
        (id) => ({ type: 'subscribe', id, topic: 'signals', signals, ...options }),
        (message) => onRows(message as Readings),
      ),
    alarms: (onAlarm) =>
      subscribe(
        (id) => ({ type: 'subscribe', id, topic: 'alarms' }),
        (message) => onAlarm(message as AlarmMessage),
      ),
    events: (onEvent) =>
      subscribe(
        (id) => ({ type: 'subscribe', id, topic: 'events' }),
        (message) => onEvent(message as EventMessage),
      ),
    get link() {
      return link
    },
    onLink(listener) {
      linkListeners.add(listener)
      return () => linkListeners.delete(listener)
    },
    onError(listener) {
      errorListeners.add(listener)
      return () => errorListeners.delete(listener)
    },
    close() {
      become('closed')
      clearTimeout(timer)
      clearInterval(watch)
      socket?.close()
    },
  }
}

/** 401 and 403 will not get better by asking again; a platform that is away or starts will. */
async function refusalOfPage(): Promise<string | undefined> {
  const reply = await fetch('/api/v1/session')
  if (reply.status !== 401 && reply.status !== 403) return undefined
  const { detail } = (await reply.json()) as { detail?: string }
  return detail ?? `the platform answered ${reply.status}`
}
