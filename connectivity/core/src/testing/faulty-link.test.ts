import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { after, before, it } from 'node:test'
import { FaultyLink } from './faulty-link.ts'

const peer = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.pipe(socket)
})
let link: FaultyLink

before(async () => {
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  link = await FaultyLink.to((peer.address() as AddressInfo).port)
})
after(async () => {
  await link.close()
  peer.close()
})

const open = async () => {
  const socket = connect(link.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

it('carries bytes both ways, late when told to', async () => {
  const socket = await open()
  socket.write('hello')
  assert.equal(String((await once(socket, 'data'))[0]), 'hello')
  link.delay(60)
  const since = performance.now()
  socket.write('later')
  assert.equal(String((await once(socket, 'data'))[0]), 'later')
  assert.ok(performance.now() - since >= 110)
  link.pass()
  socket.destroy()
})

it('ends a connection in the middle', async () => {
  const socket = await open()
  link.cutAfter(3)
  socket.write('abcdef')
  const heard: Buffer[] = []
  socket.on('data', (bytes) => heard.push(bytes))
  await once(socket, 'close')
  assert.equal(Buffer.concat(heard).toString(), 'abc')
})

it('holds: nobody hears anything, nobody is told; then cuts and refuses', async () => {
  const socket = await open()
  link.hold()
  socket.write('lost')
  while (link.lost < 4) await new Promise((resolve) => setImmediate(resolve))
  link.pass()
  socket.write('found')
  assert.equal(String((await once(socket, 'data'))[0]), 'found')
  const gone = new Promise<boolean>((resolve) => socket.once('close', resolve))
  link.cut()
  assert.equal(await gone, true)
  const refused = connect(link.port, '127.0.0.1')
  refused.on('error', () => undefined)
  await new Promise((resolve) => refused.once('close', resolve))
  link.pass()
})
