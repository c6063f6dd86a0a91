import { errorCatalogue } from '@millwright/foundation'

export const qualityErrors = errorCatalogue('QUALITY', {
  tooFew: {
    number: 1,
    status: 422,
    text: 'There are {count} usable {what}, and at least {least} are needed: take a longer time, or look at why readings are missing.',
  },
  noSpread: {
    number: 2,
    status: 422,
    text: '{what} is {value} in every reading, so it has no limits: the sensor may be stuck, or its resolution is too coarse.',
  },
  shape: { number: 3, status: 422, text: 'The data does not fit together: {reason}.' },
  setting: { number: 4, status: 422, text: 'The setting {name} cannot be {value}: {reason}.' },
  unbalanced: {
    number: 5,
    status: 422,
    text: 'Part {part} was measured {count} times by {appraiser}, and {expected} times elsewhere: every appraiser measures every part equally often.',
  },
  dependent: {
    number: 6,
    status: 422,
    text: 'The signals say the same thing twice ({names}): leave one of them out.',
  },
  noLabels: {
    number: 7,
    status: 422,
    text: 'Only {count} parts have both process readings and a result, and at least {least} are needed: check that the serial numbers of the stations and of the result are the same.',
  },
  oneResult: {
    number: 8,
    status: 422,
    text: 'All {count} parts are {result}: there is nothing to tell apart. Take a time that holds both, or learn the measured value.',
  },
})
