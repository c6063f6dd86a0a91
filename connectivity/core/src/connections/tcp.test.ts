import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { reconnectWait } from './reconnect.ts'
import { openTcp } from './tcp.ts'

const listening = async () => {
  const server = createServer((socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as { port: number }).port }
}

test('a TCP connection opens, or says in words why it does not', async () => {
  const { server, port } = await listening()
  const socket = await openTcp('127.0.0.1', port, 1_000)
  socket.destroy()
  await new Promise((resolve) => server.close(resolve))
  await assert.rejects(openTcp('127.0.0.1', port, 1_000), {
    code: 'MW-PEER-0001',
    message: `No answer from 127.0.0.1:${port} (connection refused): is the device on, and is the port right?`,
  })
  await assert.rejects(openTcp('no-such-host.invalid', 1, 5_000), { code: /MW-PEER-000[23]/ })
  await assert.rejects(openTcp('127.0.0.1', port, 1_000, AbortSignal.abort()), { code: 'MW-PEER-0006' })
})

test('waits grow from half a second to half a minute, with jitter', () => {
  const least = [1, 2, 3, 50].map((failures) => reconnectWait(failures, () => 0))
  assert.deepEqual(least, [500_000, 1_000_000, 2_000_000, 15_000_000])
  assert.ok(reconnectWait(50, () => 0.999) <= 30_000_000)
})
