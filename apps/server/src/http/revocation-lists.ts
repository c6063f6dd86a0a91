import type { Authority } from '@millwright/trust'
import type { FastifyInstance } from 'fastify'

/**
 * The authority's revocation lists for those that check certificates by themselves: `/crl` is that of the newest issuing
 * key, `/crl/issuing-1` that of another, `/crl.pem` all of them with the root's, as OpenSSL and Mosquitto take them.
 */
export function revocationLists(app: FastifyInstance, authority: Pick<Authority, 'revocationLists'>): void {
  app.get('/crl', async (_, reply) => {
    const [newest] = await authority.revocationLists()
    return reply.type('application/pkix-crl').send(Buffer.from(newest!.der))
  })
  app.get('/crl.pem', async (_, reply) => {
    const lists = await authority.revocationLists()
    return reply.type('application/x-pem-file').send(lists.map(({ pem }) => pem).join(''))
  })
  app.get<{ Params: { issuer: string } }>('/crl/:issuer', async ({ params }, reply) => {
    const list = (await authority.revocationLists()).find(({ name }) => name === params.issuer)
    if (list === undefined) return reply.callNotFound()
    return reply.type('application/pkix-crl').send(Buffer.from(list.der))
  })
}
