import { type Static, Type } from 'typebox'

const Port = (standard: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: standard, description })

/** Options of the platform: flags over environment (`MILLWRIGHT_…`) over file over these defaults. */
export const serverConfig = Type.Object(
  {
    data: Type.String({
      default: './millwright-data',
      minLength: 1,
      description: 'Directory in which the platform keeps everything',
    }),
    empty: Type.Boolean({ default: false, description: 'Start without the simulated plant' }),
    plant: Type.Unsafe<'demo' | 'full'>({
      type: 'string',
      enum: ['demo', 'full'],
      default: 'demo',
      description: 'Which simulated plant: full also speaks OPC UA, Modbus, Sparkplug and more, through an edge agent',
    }),
    httpPort: Port(8080, 'Port of the console and the API, HTTP and HTTPS on one'),
    httpHost: Type.String({
      default: '::',
      description: 'Address to listen on for HTTP; plain HTTP is answered to this machine only',
    }),
    mqttPort: Port(8883, 'Port for devices, MQTT over TLS'),
    mqttHost: Type.String({ default: '::', description: 'Address to listen on for MQTT' }),
    opcuaPort: Port(0, 'Port of the OPC UA server, for SCADA systems; 0: none (4840 is usual)'),
    opcuaHost: Type.String({ default: '::', description: 'Address to listen on for OPC UA' }),
    opcuaClients: Type.Array(Type.String({ pattern: '^(\\*|([0-9A-Fa-f]{2}:?){32})$' }), {
      default: [],
      description:
        'SHA-256 fingerprints of the certificates of OPC UA clients that are let in; * lets in any (the log names those refused)',
    }),
    opcuaUnsecured: Type.Boolean({
      default: false,
      description: 'Also lets OPC UA clients connect without signature and encryption',
    }),
    publicUrl: Type.String({
      default: '',
      description: 'Address under which people and devices reach the platform; its host stands in the certificate',
    }),
    databaseUrl: Type.String({
      default: '',
      secret: true,
      description: 'PostgreSQL instead of the embedded one, as postgres://user:password@host/database',
    }),
    clickhouseUrl: Type.String({
      default: '',
      secret: true,
      description: 'ClickHouse instead of the embedded engine, as http://user:password@host:8123/database',
    }),
    keyPassphrase: Type.String({
      default: '',
      secret: true,
      description: "Encrypts the authority's keys; without it a key file in the data directory does",
    }),
    brokerSecret: Type.String({
      default: '',
      secret: true,
      description:
        'What other MQTT brokers show when they ask who may connect and publish; without it none is answered',
    }),
    adoptCertificates: Type.Boolean({
      default: false,
      description: 'After an older backup was restored: takes device certificates on record that it does not know',
    }),
    trustedProxies: Type.Array(Type.String(), {
      default: [],
      description: 'Addresses or networks (10.0.0.0/8) of reverse proxies that may speak plain HTTP for others',
    }),
    fileRoots: Type.Array(Type.String({ pattern: '^/' }), {
      default: [],
      description: 'Folders of this machine that connections may read files from; none: connections read no files',
    }),
    organisation: Type.String({ default: 'My company', description: 'Name of the first tenant, at the first start' }),
    logLevel: Type.Unsafe<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'>({
      type: 'string',
      enum: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      default: 'warn',
      description: 'How much the log says (JSON lines on standard error)',
    }),
  },
  { additionalProperties: false },
)

export type ServerConfig = Static<typeof serverConfig>
