import { errorCatalogue } from '@millwright/foundation'

/** What can be wrong with measurement files. Numbers are never reused. */
export const mdfErrors = errorCatalogue('MDF', {
  notMdf: { number: 1, status: 400, text: '{file} is not an MDF 4 file: {what}.' },
  broken: { number: 2, status: 400, text: '{file} is broken at byte {offset}: {what}.' },
  tooMany: { number: 3, status: 400, text: '{file} has more than {limit} {things}.' },
  unsupported: { number: 4, status: 400, text: '{file} has {what}, which is not read here.' },
  leftOut: { number: 20, status: 400, text: 'Of {file} were left out: {what}.' },
})
