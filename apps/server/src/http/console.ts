import { existsSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { answerProblem, apiErrors } from './problems.ts'

/** Serves the built console; every address of it that is no file is the console's own page. */
export async function serveConsole(app: FastifyInstance, directory: string): Promise<void> {
  if (!existsSync(join(directory, 'index.html'))) {
    app.get('/', (_, reply) =>
      reply.type('text/plain').send('The console is not built. Start with `npm start`, which builds it.'),
    )
    return
  }
  await app.register(staticFiles, {
    root: directory,
    wildcard: false,
    // Files named by their content never change; the page that names them always may.
    setHeaders: (reply, path) => {
      const named = path.includes('/assets/')
      reply.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/*', (request, reply) => {
    const path = request.url.split('?')[0]!
    // A file named by its content that is gone belongs to an older build: a page in its place would be run as a script.
    if (path.startsWith('/api/') || path.startsWith('/assets/'))
      return answerProblem(reply, apiErrors.noRoute({ method: 'GET', path }), request.id)
    return reply.sendFile('index.html')
  })
}
