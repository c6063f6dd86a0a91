import type { EndpointDescription } from 'node-opcua-client'
import type { Settings } from '../config.ts'

/** From the weakest to the strongest; what is not here is not spoken (Basic128Rsa15 and Basic256 are broken). */
const STRENGTH = ['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const
export type Policy = (typeof STRENGTH)[number]

const URI = 'http://opcfoundation.org/UA/SecurityPolicy#'
const BINARY = 'http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary'
/** MessageSecurityMode of Part 4, 7.20. */
const MODES = { 1: 'None', 2: 'Sign', 3: 'SignAndEncrypt' } as const
export type Mode = (typeof MODES)[keyof typeof MODES]
/** UserTokenType of Part 4, 7.43. */
const TOKENS = { anonymous: 0, password: 1, certificate: 2 } as const

/** An endpoint that can be spoken to. */
export interface Offer {
  readonly policy: Policy
  readonly mode: Mode
  readonly certificate: Buffer | undefined
  readonly applicationUri: string | undefined
  /** User tokens taken: `anonymous`, `password`, `certificate`. */
  readonly identities: readonly (keyof typeof TOKENS)[]
  readonly url: string
}

/** What of a server's endpoints this adapter can use, weakest first. */
export function offersOf(endpoints: readonly EndpointDescription[]): Offer[] {
  const offers: Offer[] = []
  for (const endpoint of endpoints.slice(0, 200)) {
    const uri = endpoint.securityPolicyUri ?? ''
    const policy = STRENGTH.find((name) => uri === URI + name)
    const mode = MODES[endpoint.securityMode as keyof typeof MODES]
    const binary = !endpoint.transportProfileUri || endpoint.transportProfileUri === BINARY
    if (policy === undefined || mode === undefined || !binary) continue
    const tokens = endpoint.userIdentityTokens ?? []
    const has = (type: number) => tokens.some(({ tokenType }) => tokenType === type)
    offers.push({
      policy,
      mode,
      certificate: endpoint.serverCertificate?.length > 0 ? endpoint.serverCertificate : undefined,
      applicationUri: endpoint.server?.applicationUri ?? undefined,
      identities: (Object.keys(TOKENS) as (keyof typeof TOKENS)[]).filter((name) => has(TOKENS[name])),
      url: endpoint.endpointUrl ?? '',
    })
  }
  const rank = ({ policy, mode }: Offer) => STRENGTH.indexOf(policy) * 2 + (mode === 'SignAndEncrypt' ? 1 : 0)
  return offers.sort((a, b) => rank(a) - rank(b))
}

export const shownOffer = ({ policy, mode }: Pick<Offer, 'policy' | 'mode'>): string =>
  policy === 'None' ? 'None' : `${policy}, ${mode}`

/** The endpoint to use, or why there is none, in words. */
export function chooseOffer(offers: readonly Offer[], settings: Settings): Offer | string {
  const { policy, mode, identity } = settings
  const fits = offers.filter((offer) =>
    policy === 'None'
      ? offer.policy === 'None'
      : offer.mode === mode && (policy === 'best' ? offer.policy !== 'None' : offer.policy === policy),
  )
  if (fits.length === 0) {
    const offered = [...new Set(offers.map(shownOffer))].join('; ') || 'nothing this adapter speaks'
    const wanted = policy === 'best' ? `a secured endpoint with ${mode}` : shownOffer({ policy, mode })
    const hint =
      policy === 'best' && offers.some((offer) => offer.policy === 'None')
        ? ' Choose None only on a network you trust.'
        : ''
    return `The server does not offer ${wanted}. It offers: ${offered}.${hint}`
  }
  const chosen = fits.findLast(({ identities }) => identities.includes(identity.type))
  if (chosen === undefined) {
    const taken = [...new Set(fits.flatMap(({ identities }) => identities))].join(', ') || 'none'
    return `The server takes no ${IDENTITY_NAMES[identity.type]} here. It takes: ${taken}.`
  }
  return chosen
}

const IDENTITY_NAMES = {
  anonymous: 'anonymous sessions',
  password: 'user name and password',
  certificate: 'user certificates',
} as const
