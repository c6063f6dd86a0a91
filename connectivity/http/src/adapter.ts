import { type Adapter, type AdapterHealth, BOUNDS } from '@millwright/connectivity'
import type { Clock } from '@millwright/foundation'
import type { DeviceIdentity } from '@millwright/trust'
import type { FastifyPluginAsync } from 'fastify'
import { defaultConfig, type HttpAdapterConfig } from './config.ts'
import { DeviceLine, type HttpPorts } from './line.ts'
import { manifest } from './manifest.ts'
import { answerProblem, knownError } from './problem.ts'
import { deviceRoutes } from './routes.ts'
import { HttpSessions } from './sessions.ts'
import { thingsboardRoutes } from './thingsboard-routes.ts'

export interface HttpAdapterOptions {
  readonly connectivity: HttpPorts
  readonly trust: { readonly deviceIdentity: DeviceIdentity }
  readonly clock: Clock
  readonly config?: Partial<HttpAdapterConfig>
}

/** The adapter, and the Fastify plugin with its routes; the server that the plugin hangs in owns the port. */
export interface HttpAdapter extends Adapter {
  readonly plugin: FastifyPluginAsync
}

export function createHttpAdapter({ connectivity, trust, clock, config }: HttpAdapterOptions): HttpAdapter {
  const settings: HttpAdapterConfig = { ...defaultConfig, ...config }
  const sessions = new HttpSessions(connectivity.sessions, clock, settings.idleAfter)
  const line = new DeviceLine(connectivity, trust.deviceIdentity, sessions, clock, settings)
  let state: AdapterHealth['state'] = 'stopped'
  let since = clock.now()
  const become = (next: AdapterHealth['state']) => {
    state = next
    since = clock.now()
  }

  const plugin: FastifyPluginAsync = async (app) => {
    // Payloads are read by our own decoders, byte for byte as they came.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BOUNDS.payloadBytes }, (_request, body, done) =>
      done(null, body),
    )
    app.setErrorHandler(async (error, request, reply) => {
      const known = knownError(error)
      if (known?.status === 413 && !Buffer.isBuffer(request.body)) await line.tooLarge(request, known)
      return answerProblem(error, request, reply)
    })
    // Before the body is read: what nobody may send is not taken in.
    app.addHook('onRequest', (request) => line.open(request))
    app.addHook('onResponse', async (request) => line.done(request))
    app.addHook('onRequestAbort', async (request) => line.done(request))
    deviceRoutes(app, line)
    thingsboardRoutes(app, line)
  }

  return {
    manifest,
    plugin,
    async start() {
      become('running')
    },
    async stop() {
      sessions.close()
      become('stopped')
    },
    health: () => ({ state, since, sessions: sessions.count }),
  }
}

/** The adapter as a plugin alone: it starts when the server is ready and stops with it. */
export function httpAdapter(options: HttpAdapterOptions): FastifyPluginAsync {
  const adapter = createHttpAdapter(options)
  return async (app, pluginOptions) => {
    app.addHook('onReady', () => adapter.start())
    app.addHook('onClose', () => adapter.stop())
    await adapter.plugin(app, pluginOptions)
  }
}
