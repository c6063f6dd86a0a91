import type { LiveMessage, LiveRequest } from '@millwright/contracts'

type Readings = Extract<LiveMessage, { type: 'readings' }>
type AlarmMessage = Extract<LiveMessage, { type: 'alarm' }>
type EventMessage = Extract<LiveMessage, { type: 'event' }>

/** What a live connection tells of itself: `since` is the wall clock in ms at which the state began. */
export interface LinkState {
  readonly state: 'connecting' | 'open' | 'lost' | 'closed'
  readonly since: number
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
}

const FIRST_WAIT = 500
const LONGEST_WAIT = 15_000
/** A link that says nothing, not even an answer to a ping, for this long is taken for lost. */
const SILENCE = 20_000

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

  const become = (state: LinkState['state']) => {
    if (link.state === state) return
    link = { state, since: Date.now() }
    for (const listener of linkListeners) listener(link)
  }
  const send = (request: LiveRequest) => {
    if (socket?.readyState === 1) socket.send(JSON.stringify(request))
  }
  const address = () => {
    const base = settings.url ?? globalThis.location.origin
    return `${base.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/live`
  }
  const open = () => {
    const mine = (settings.open ?? ((url: string) => new WebSocket(url)))(address())
    socket = mine
    mine.onopen = () => {
      wait = FIRST_WAIT
      heard = Date.now()
      become('open')
      for (const { request } of held.values()) send(request)
    }
    mine.onmessage = (event) => {
      heard = Date.now()
      receive(JSON.parse(String(event.data)) as LiveMessage)
    }
    mine.onclose = () => {
      if (socket !== mine || link.state === 'closed') return
      become('lost')
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT)
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
    send(request)
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
