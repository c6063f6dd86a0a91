import { once } from 'node:events'
import { createServer } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { ProbePorts } from '@millwright/connectivity'
import type { ConnectionTest } from '@millwright/contracts'
import type { ReceiverConfig } from './config.ts'
import { problemText } from './receiver.ts'

/** Whether the port can be listened on, and the certificate be shown. */
export async function testReceiver(config: ReceiverConfig, ports: ProbePorts): Promise<ConnectionTest> {
  const steps: ConnectionTest['steps'] = []
  const step = async (name: string, work: () => Promise<string> | string) => {
    const began = ports.clock.steady()
    const took = () => Math.max(0, Math.round(ports.clock.steady() - began))
    try {
      steps.push({ name, ok: true, detail: await work(), took: took() })
    } catch (error) {
      steps.push({ name, ok: false, detail: listenText(error, config), took: took() })
    }
  }
  await step(`Listening on ${config.host}:${config.port}`, async () => {
    const server = createServer()
    server.listen(config.port, config.host)
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return 'The port is free.'
  })
  if (config.certificate !== undefined)
    await step('Certificate', () => {
      createSecureContext({ cert: config.certificate, key: config.key })
      return 'The certificate and its key belong together.'
    })
  return { ok: steps.every(({ ok }) => ok), steps, certificates: [] }
}

/** Why listening failed, and what to do. */
export function listenText(error: unknown, { host, port }: { host: string; port: number }): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use: by this connection if it runs already, by another connection or program otherwise. Choose another port.`
    case 'EACCES':
      return `Port ${port} may not be used by this process: choose one above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine.`
    default:
      return `${problemText(error)}: check the certificate and its key.`
  }
}
