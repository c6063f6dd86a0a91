/** The server on a real socket, and clients of an implementation that is not ours. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, systemClock } from '@millwright/foundation'
import { OPCUACertificateManager } from 'node-opcua-certificate-manager'
import { type ClientSession, MessageSecurityMode, OPCUAClient, SecurityPolicy, UserTokenType } from 'node-opcua-client'
import { createOpcuaServer, type OpcuaServer, type OpcuaServerOptions } from '../src/index.ts'
import { Plant } from './plant.ts'

export class World {
  readonly plant: Plant
  readonly server: OpcuaServer
  readonly directory: string
  readonly #clients: OPCUAClient[] = []
  readonly #managers: OPCUACertificateManager[] = []

  private constructor(plant: Plant, server: OpcuaServer, directory: string) {
    this.plant = plant
    this.server = server
    this.directory = directory
  }

  static async start(options: Partial<OpcuaServerOptions> = {}): Promise<World> {
    const plant = new Plant()
    const directory = await mkdtemp(join(tmpdir(), 'millwright-opcua-'))
    const server = createOpcuaServer({
      ports: plant.ports(),
      clock: systemClock,
      log: createLog({ level: (process.env.LOG ?? 'silent') as 'silent' }),
      port: 0,
      host: '127.0.0.1',
      hostName: 'localhost',
      trustedClients: ['*'],
      ...options,
    })
    await server.start()
    return new World(plant, server, directory)
  }

  get url(): string {
    return `opc.tcp://localhost:${this.server.port}`
  }

  async client(
    policy = SecurityPolicy.Basic256Sha256,
    mode = MessageSecurityMode.SignAndEncrypt,
  ): Promise<OPCUAClient> {
    const manager = new OPCUACertificateManager({
      rootFolder: join(this.directory, 'client'),
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    })
    this.#managers.push(manager)
    const client = OPCUAClient.create({
      applicationName: 'SCADA',
      clientName: 'SCADA',
      applicationUri: 'urn:test:scada',
      endpointMustExist: false,
      securityPolicy: policy,
      securityMode: mode,
      connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
      clientCertificateManager: manager,
    })
    this.#clients.push(client)
    await client.connect(this.url)
    return client
  }

  async session(name: string, password = `${name}'s password`, client?: OPCUAClient): Promise<ClientSession> {
    const used = client ?? (await this.client())
    return used.createSession({ type: UserTokenType.UserName, userName: name, password })
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) await client.disconnect().catch(() => undefined)
    for (const manager of this.#managers) await manager.dispose()
    await this.server.stop()
    await rm(this.directory, { recursive: true, force: true })
  }
}
