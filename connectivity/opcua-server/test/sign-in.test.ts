import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { AttributeIds, MessageSecurityMode, SecurityPolicy, UserTokenType } from 'node-opcua-client'
import { World } from './world.ts'

describe('signing in', () => {
  let world: World
  before(async () => {
    world = await World.start()
    world.plant.node('Hamburg', 'site')
  })
  after(() => world.stop())
  beforeEach(() => {
    world.plant.failures = 0
    world.plant.person('ada', { '*': ['asset:read'] })
  })

  it('works with every policy, signed and encrypted, with the name and address the platform sees', async () => {
    for (const [policy, mode] of [
      [SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign],
      [SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt],
      [SecurityPolicy.Aes128_Sha256_RsaOaep, MessageSecurityMode.SignAndEncrypt],
      [SecurityPolicy.Aes256_Sha256_RsaPss, MessageSecurityMode.SignAndEncrypt],
    ] as const) {
      const client = await world.client(policy, mode)
      const session = await world.session('ada', undefined, client)
      const { value } = await session.read({ nodeId: 'ns=2;s=plant', attributeId: AttributeIds.DisplayName })
      assert.equal(value.value.text, 'Plant')
      await client.disconnect()
    }
    assert.ok(
      world.plant.signIns.every((line) => line === 'ada 127.0.0.1'),
      world.plant.signIns.join(),
    )
    await eventually(() => world.server.sessions === 0)
    assert.equal(world.plant.ended, 4, 'who leaves has signed out')
  })

  it('is refused with a wrong password, and slowed down by the platform', async () => {
    const client = await world.client()
    for (let i = 0; i < 3; i++) {
      await assert.rejects(world.session('ada', 'guess', client), /BadUserAccessDenied/)
    }
    await assert.rejects(world.session('ada', "ada's password", client), /BadUserAccessDenied/)
    world.plant.failures = 0
    const session = await world.session('ada', undefined, client)
    await session.close()
  })

  it('is offered with a name and an encrypted password only, even without a secured channel', async () => {
    const open = await World.start({ allowUnsecured: true, trustedClients: [] })
    try {
      open.plant.person('ada', { '*': ['asset:read'] })
      const client = await open.client(SecurityPolicy.None, MessageSecurityMode.None)
      const endpoints = await client.getEndpoints()
      assert.equal(endpoints.length, 7)
      for (const { endpointUrl, userIdentityTokens, securityMode } of endpoints) {
        assert.equal(endpointUrl, open.url)
        for (const { tokenType, securityPolicyUri } of userIdentityTokens ?? []) {
          assert.equal(tokenType, UserTokenType.UserName)
          if (securityMode === MessageSecurityMode.None) assert.match(securityPolicyUri ?? '', /256|Sha/)
        }
      }
      await (await open.session('ada', undefined, client)).close()
    } finally {
      await open.stop()
    }
  })

  it('is needed: nobody comes anonymously, or by a plain connection', async () => {
    const client = await world.client()
    await assert.rejects(client.createSession({ type: UserTokenType.Anonymous }))
    await assert.rejects(
      world
        .client(SecurityPolicy.None, MessageSecurityMode.None)
        .then((plain) => world.session('ada', undefined, plain)),
    )
  })

  it('ends when the person is no more', async () => {
    await world.session('ada')
    await eventually(() => world.server.sessions === 1)
    world.plant.people.delete('ada')
    world.plant.signInChanged()
    await eventually(() => world.server.sessions === 0)
  })

  it('needs a client whose certificate is trusted', async () => {
    const strict = await World.start({ trustedClients: [] })
    try {
      strict.plant.person('ada', {})
      await assert.rejects(strict.session('ada'))
      assert.deepEqual(strict.plant.signIns, [])
    } finally {
      await strict.stop()
    }
  })

  it('leaves nothing behind: what was shown goes when the last has left, and is there for the next', async () => {
    const brief = await World.start({ limits: { linger: 50, sessions: 2 } })
    try {
      const site = brief.plant.node('Hamburg', 'site')
      brief.plant.person('ada', { '*': ['asset:read'] })
      const client = await brief.client()
      const name = { nodeId: `ns=2;s=${site.id}`, attributeId: AttributeIds.DisplayName }
      for (let i = 0; i < 2; i++) {
        const session = await brief.session('ada', undefined, client)
        assert.equal(brief.plant.listeners, 1)
        assert.equal((await session.read(name)).value.value.text, 'Hamburg')
        await session.close()
        await eventually(() => brief.plant.listeners === 0)
      }
      const sessions = [await brief.session('ada', undefined, client), await brief.session('ada', undefined, client)]
      await assert.rejects(brief.session('ada', undefined, client), /BadTooManySessions/)
      for (const session of sessions) await session.close()
    } finally {
      await brief.stop()
    }
  })

  it('is not kept from others by connections that say nothing, or half of something', async () => {
    const small = await World.start({ limits: { connections: 5 } })
    const idle = Array.from({ length: 12 }, (_, i) => {
      const socket = createConnection(small.server.port, '127.0.0.1')
      socket.on('error', () => {})
      if (i % 2 === 0) socket.write(Buffer.from('HELF\x40\x00\x00\x00half'))
      return socket
    })
    try {
      small.plant.person('ada', { '*': ['asset:read'] })
      const session = await small.session('ada')
      await session.close()
    } finally {
      for (const socket of idle) socket.destroy()
      await small.stop()
    }
  })

  it('costs nothing before: the machinery is loaded for the first client, and rubbish ends nothing', async () => {
    const fresh = await World.start()
    try {
      const rubbish = createConnection(fresh.server.port, '127.0.0.1')
      rubbish.on('error', () => {})
      rubbish.write(Buffer.alloc(10_000, 7))
      fresh.plant.person('ada', { '*': ['asset:read'] })
      const session = await fresh.session('ada')
      await session.close()
      rubbish.destroy()
    } finally {
      await fresh.stop()
    }
  })
})
