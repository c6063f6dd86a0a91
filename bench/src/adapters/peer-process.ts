/** The other end of an adapter's bench, in a process of its own, so that its work is not in the figures. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export interface PeerProcess {
  readonly port: number
  stop(): Promise<void>
}

/** @param role `modbus`, `lines` or `scpi` of `peers.ts` */
export async function startPeerProcess(role: string): Promise<PeerProcess> {
  const child: ChildProcess = fork(new URL('peers.ts', import.meta.url), [role], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = (await once(child, 'message')) as [{ port: number }]
  return {
    port: message.port,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
