import type { BrokerDevices } from './devices.ts'
import type { Question } from './question.ts'
import type { DeviceRules } from './rules.ts'

/** What is answered, in the words of the broker that asks. */
export interface Answer {
  readonly status: number
  readonly type: 'application/json' | 'text/plain'
  readonly body: string
}

export interface FormatPorts {
  readonly devices: BrokerDevices
  readonly rules: DeviceRules
}

/** One broker's way of asking: what it asks, and how it hears yes and no. */
export interface BrokerFormat {
  readonly questions: Readonly<Record<string, (question: Question, ports: FormatPorts) => Promise<Answer>>>
  /** Said also when something went wrong here: a broker must never take our trouble for consent. */
  readonly deny: Answer
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
})
const text = (body: string): Answer => ({ status: 200, type: 'text/plain', body })

/** EMQX takes any status but 200 and 204 for "no opinion" and may then allow: no is said with 200. */
const emqxDeny = json(200, { result: 'deny' })
const emqx: BrokerFormat = {
  deny: emqxDeny,
  questions: {
    async authn({ username, password, cert_pem }, { devices }) {
      const device = await devices.authenticate({ username, password, certificate: cert_pem })
      if (device === undefined) return emqxDeny
      const { device: id, tenant } = device
      // Attributes may be used in mount points: `d/${client_attrs.device}/`.
      return json(200, { result: 'allow', is_superuser: false, client_attrs: { device: id, tenant } })
    },
    async authz({ username, cert_common_name, device: attribute, action, topic }, { devices, rules }) {
      const device = await devices.ofUser(attribute || cert_common_name || username)
      if (device === undefined || topic === undefined) return emqxDeny
      const allowed =
        action === 'publish'
          ? rules.mayPublish(device, topic)
          : action === 'subscribe' && rules.maySubscribe(device, topic)
      return allowed ? json(200, { result: 'allow' }) : emqxDeny
    },
  },
}

/** mosquitto-go-auth's HTTP backend, in its response modes `status` and `json`. */
const goAuthDeny = json(403, { Ok: false, Error: 'not allowed' })
const goAuthAllow = json(200, { Ok: true, Error: '' })
const ACCESS = { read: 1, write: 2, subscribe: 4 } as const
const mosquitto: BrokerFormat = {
  deny: goAuthDeny,
  questions: {
    async user({ username, password }, { devices }) {
      const device = await devices.authenticate({ username, password, certificate: undefined })
      return device === undefined ? goAuthDeny : goAuthAllow
    },
    // No device is one.
    superuser: async () => goAuthDeny,
    async acl({ username, topic, acc }, { devices, rules }) {
      const access = Number(acc)
      const device = await devices.ofUser(username)
      if (device === undefined || topic === undefined || !(access >= 1 && access <= 7)) return goAuthDeny
      const writes = (access & ACCESS.write) === 0 || rules.mayPublish(device, topic)
      const reads = (access & (ACCESS.read | ACCESS.subscribe)) === 0 || rules.maySubscribe(device, topic)
      return writes && reads ? goAuthAllow : goAuthDeny
    },
  },
}

/** RabbitMQ's rabbit_auth_backend_http, with its MQTT plugin: topics come as routing keys. */
const rabbitDeny = text('deny')
const rabbitAllow = text('allow')
const rabbitmq: BrokerFormat = {
  deny: rabbitDeny,
  questions: {
    async user({ username, password }, { devices }) {
      const device = await devices.authenticate({ username, password, certificate: undefined })
      return device === undefined ? rabbitDeny : rabbitAllow
    },
    async vhost({ username, vhost }, { devices }) {
      return vhost === '/' && (await devices.ofUser(username)) !== undefined ? rabbitAllow : rabbitDeny
    },
    async resource({ username, vhost, resource, name = '', permission }, { devices }) {
      const device = await devices.ofUser(username)
      if (device === undefined || vhost !== '/') return rabbitDeny
      // The exchange of MQTT's topics, whose routing keys are asked about one by one; and the queues of the device's own
      // client ids, which must begin with its id.
      const exchange = resource === 'exchange' && name === 'amq.topic' && permission !== 'configure'
      const queue = resource === 'queue' && /^mqtt-(subscription|will)-/.test(name)
      const own = name.replace(/^mqtt-(subscription|will)-/, '').startsWith(device)
      return exchange || (queue && own) ? rabbitAllow : rabbitDeny
    },
    async topic({ username, vhost, name, permission, routing_key = '' }, { devices, rules }) {
      const device = await devices.ofUser(username)
      if (device === undefined || vhost !== '/' || name !== 'amq.topic') return rabbitDeny
      const topic = topicOfRoutingKey(routing_key)
      const allowed =
        permission === 'write'
          ? rules.mayPublish(device, topic)
          : permission === 'read' && rules.maySubscribe(device, topic)
      return allowed ? rabbitAllow : rabbitDeny
    },
  },
}

const SWAPPED: Readonly<Record<string, string>> = { '.': '/', '/': '.', '*': '+' }

/** RabbitMQ swaps dots and slashes, and writes `+` as `*`. */
export const topicOfRoutingKey = (key: string): string => key.replace(/[./*]/g, (char) => SWAPPED[char]!)

export const brokerFormats: Readonly<Record<string, BrokerFormat>> = { emqx, mosquitto, rabbitmq }
