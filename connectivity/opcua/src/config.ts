import { Choice, Secret } from '@millwright/contracts'
import { type Static, Type } from 'typebox'
import { parsePattern } from './address/pattern.ts'
import { parseNodeId, parseTarget } from './address/target.ts'
import { opcuaErrors } from './errors.ts'
import { checkKeyPair, readCertificates } from './security/pem.ts'

/** As the endpoint's policy URI ends; `best`: the strongest that both sides speak, never None. */
export const POLICIES = ['best', 'None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const
export const MODES = ['Sign', 'SignAndEncrypt'] as const

const strict = { additionalProperties: false }
const NodeRef = (title: string, description: string) =>
  Type.String({ title, description, minLength: 1, maxLength: 2048 })

const Identity = Type.Union([
  Type.Object(
    { type: Type.Literal('anonymous', { title: 'Kind', description: 'Nobody in particular' }) },
    { ...strict, title: 'Anonymous' },
  ),
  Type.Object(
    {
      type: Type.Literal('password', { title: 'Kind', description: 'A user name and its password' }),
      user: Type.String({ title: 'User name', description: 'As the server knows it', minLength: 1, maxLength: 200 }),
      password: Secret({ title: 'Password', description: 'Sent encrypted with the server’s certificate' }),
    },
    { ...strict, title: 'User name and password' },
  ),
  Type.Object(
    {
      type: Type.Literal('certificate', { title: 'Kind', description: 'A user’s X.509 certificate' }),
      certificate: Type.String({ title: 'Certificate', description: 'The user’s certificate, PEM', maxLength: 16_384 }),
      key: Secret({
        title: 'Private key',
        description: 'RSA key of the certificate, PEM, unencrypted',
        maxLength: 16_384,
      }),
    },
    { ...strict, title: 'Certificate' },
  ),
])

const Sampling = {
  samplingInterval: Type.Optional(
    Type.Number({
      title: 'Sampling interval',
      description: 'How often the server looks at the value, ms; absent: the publishing interval; 0: as fast as it can',
      minimum: 0,
      maximum: 86_400_000,
    }),
  ),
  queueSize: Type.Optional(
    Type.Integer({
      title: 'Queue',
      description: 'Changes the server keeps between two publications; absent: as many as fit the intervals',
      minimum: 1,
      maximum: 100_000,
    }),
  ),
  deadband: Type.Optional(
    Type.Number({
      title: 'Deadband',
      description: 'Smaller changes are not reported, in the unit of the value',
      minimum: 0,
    }),
  ),
}

export const ConfigNode = Type.Object(
  {
    node: NodeRef(
      'Node',
      'Node id, as nsu=urn:maker:machine;s=Motor.Speed or ns=2;i=6001; or a browse path from the root',
    ),
    metric: Type.Optional(
      Type.String({
        title: 'Metric',
        description: 'What its signal is called; absent: its browse name',
        minLength: 1,
        maxLength: 200,
        pattern: '^[^\\u0000-\\u001f\\u007f]+$',
      }),
    ),
    ...Sampling,
    sampleRate: Type.Optional(
      Type.Number({
        title: 'Sample rate',
        description: 'Hz: an array of numbers is a waveform of this rate; absent: it is a document',
        exclusiveMinimum: 0,
        maximum: 1e9,
      }),
    ),
  },
  strict,
)

export const ConfigRule = Type.Object(
  {
    folder: NodeRef('Folder', 'Every variable below it: a node id, or a browse path as /Objects/Machine'),
    type: Type.Optional(
      NodeRef(
        'Of type',
        'Only variables of this type or its subtypes, or below an object of it: browse name (AnalogItemType) or node id',
      ),
    ),
    match: Type.Optional(
      Type.String({
        title: 'Matching',
        description: 'Only these browse paths below the folder: **/Temperature, Motor*/**; * is any part of one name',
        minLength: 1,
        maxLength: 500,
      }),
    ),
    prefix: Type.Optional(
      Type.String({
        title: 'Prefix',
        description: 'Put before the metrics’ names, which are the paths below the folder',
        maxLength: 100,
        pattern: '^[^\\u0000-\\u001f\\u007f]*$',
      }),
    ),
    properties: Type.Optional(
      Type.Boolean({
        title: 'Properties too',
        description: 'Also what describes a variable: ranges, units, limits',
        default: false,
      }),
    ),
    ...Sampling,
    sampleRate: ConfigNode.properties.sampleRate,
  },
  strict,
)

export const opcuaConfig = Type.Object(
  {
    endpoint: Type.String({
      title: 'Endpoint',
      description: 'Address of the server, as opc.tcp://10.0.0.5:4840',
      pattern: '^opc\\.tcp://[^\\s/]+(/\\S*)?$',
      maxLength: 500,
    }),
    security: Type.Optional(
      Type.Object(
        {
          policy: Type.Optional(
            Type.Unsafe<(typeof POLICIES)[number]>({
              ...Choice(POLICIES),
              title: 'Policy',
              description: 'How messages are signed and encrypted; best: the strongest that both speak, never None',
              default: 'best',
            }),
          ),
          mode: Type.Optional(
            Type.Unsafe<(typeof MODES)[number]>({
              ...Choice(MODES),
              title: 'Mode',
              description: 'Sign: protected from change; SignAndEncrypt: from being read too. Without meaning for None',
              default: 'SignAndEncrypt',
            }),
          ),
        },
        { ...strict, title: 'Security', description: 'Of the connection to the server' },
      ),
    ),
    identity: Type.Optional(
      Type.Unsafe<Static<typeof Identity>>({
        ...Identity,
        title: 'Identity',
        description: 'Who the server is to see',
        default: { type: 'anonymous' },
      }),
    ),
    trustedCertificates: Type.Optional(
      Type.Array(Type.String({ maxLength: 16_384 }), {
        title: 'Trusted certificates',
        description: 'PEM: certificates of servers, or of authorities that issue them',
        maxItems: 100,
      }),
    ),
    rejectedCertificates: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9a-fA-F:]{64,95}$' }), {
        title: 'Rejected certificates',
        description: 'SHA-256 fingerprints that somebody turned down: nothing is read from a server that shows one',
        maxItems: 1000,
      }),
    ),
    acceptExpired: Type.Optional(
      Type.Boolean({
        title: 'Accept expired certificates',
        description: 'Keeps a connection up whose trusted server certificate ran out; renew it at the server soon',
        default: false,
      }),
    ),
    nodes: Type.Optional(
      Type.Array(ConfigNode, { title: 'Nodes', description: 'Variables picked one by one', maxItems: 50_000 }),
    ),
    rules: Type.Optional(
      Type.Array(ConfigRule, {
        title: 'Rules',
        description: 'Every variable below a folder; followed when the address space changes',
        maxItems: 200,
      }),
    ),
    publishingInterval: Type.Optional(
      Type.Number({
        title: 'Publishing interval',
        description: 'How often the server sends what changed, ms',
        minimum: 10,
        maximum: 3_600_000,
        default: 1000,
      }),
    ),
    itemsPerSubscription: Type.Optional(
      Type.Integer({
        title: 'Items per subscription',
        description: 'Nodes are spread over subscriptions of this size',
        minimum: 1,
        maximum: 50_000,
        default: 5000,
      }),
    ),
    rebrowse: Type.Optional(
      Type.Integer({
        title: 'Browse again',
        description: 'How often rules are looked at anew when the server does not announce changes, s',
        minimum: 5,
        maximum: 86_400,
        default: 600,
      }),
    ),
    history: Type.Optional(
      Type.Object(
        {
          enabled: Type.Optional(
            Type.Boolean({
              title: 'Fill gaps',
              description: 'After an interruption, what was missed is read from the server’s history where it has one',
              default: true,
            }),
          ),
          hours: Type.Optional(
            Type.Number({ title: 'Furthest back', description: 'h', minimum: 0.01, maximum: 8760, default: 168 }),
          ),
          values: Type.Optional(
            Type.Integer({
              title: 'Most values',
              description: 'Values of one node that are read for one gap',
              minimum: 1,
              maximum: 10_000_000,
              default: 1_000_000,
            }),
          ),
        },
        { ...strict, title: 'History', description: 'What was missed while the connection was away' },
      ),
    ),
    timeout: Type.Optional(
      Type.Integer({
        title: 'Timeout',
        description: 'Longest wait for an answer, ms',
        minimum: 500,
        maximum: 120_000,
        default: 10_000,
      }),
    ),
  },
  strict,
)

export type OpcuaConfig = Static<typeof opcuaConfig>
export type ConfigNode = Static<typeof ConfigNode>
export type ConfigRule = Static<typeof ConfigRule>
export type IdentityConfig = Static<typeof Identity>

/** What the schema cannot say. Throws MillwrightErrors that name the field. */
export function checkConfig(config: OpcuaConfig): void {
  const names = new Map<string, number>()
  for (const [at, { node, metric }] of (config.nodes ?? []).entries()) {
    parseTarget(node, `/nodes/${at}/node`)
    if (metric === undefined) continue
    if (names.has(metric)) throw opcuaErrors.duplicateMetric({ metric, path: `/nodes/${at}/metric` })
    names.set(metric, at)
  }
  for (const [at, { folder, match, type }] of (config.rules ?? []).entries()) {
    parseTarget(folder, `/rules/${at}/folder`)
    if (type?.includes('=')) parseNodeId(type, `/rules/${at}/type`)
    if (match !== undefined) parsePattern(match, `/rules/${at}/match`)
  }
  for (const [at, pem] of (config.trustedCertificates ?? []).entries()) {
    readCertificates(pem, `/trustedCertificates/${at}`)
  }
  if (config.identity?.type === 'certificate')
    checkKeyPair(config.identity.certificate, config.identity.key, '/identity')
}

/** The configuration with what was left out. */
export function completed(config: OpcuaConfig) {
  return {
    endpoint: config.endpoint,
    policy: config.security?.policy ?? 'best',
    mode: config.security?.mode ?? 'SignAndEncrypt',
    identity: config.identity ?? ({ type: 'anonymous' } as const),
    trusted: config.trustedCertificates ?? [],
    rejected: new Set((config.rejectedCertificates ?? []).map((text) => text.replaceAll(':', '').toLowerCase())),
    acceptExpired: config.acceptExpired ?? false,
    nodes: config.nodes ?? [],
    rules: config.rules ?? [],
    publishingInterval: config.publishingInterval ?? 1000,
    itemsPerSubscription: config.itemsPerSubscription ?? 5000,
    rebrowse: config.rebrowse ?? 600,
    history: {
      enabled: config.history?.enabled ?? true,
      hours: config.history?.hours ?? 168,
      values: config.history?.values ?? 1_000_000,
    },
    timeout: config.timeout ?? 10_000,
  } as const
}
export type Settings = ReturnType<typeof completed>
