import { errorCatalogue } from '@millwright/foundation'

export const shareErrors = errorCatalogue('SHARE', {
  notFound: { number: 1, status: 404, text: 'There is no share {id} that this tenant gave.' },
  partnerUnknown: {
    number: 2,
    status: 422,
    text: 'There is no partner tenant {partner}. Ask the partner for its tenant’s id.',
  },
  self: { number: 3, status: 422, text: 'A tenant cannot share with itself. Grant a role at the node instead.' },
  past: { number: 4, status: 422, text: 'The share would end in the past. Give a later end, or none.' },
  tooMany: { number: 5, status: 409, text: 'This tenant gives {count} shares, which is the most there can be.' },
})
