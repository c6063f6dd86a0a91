import { errorCatalogue } from '@millwright/foundation'

export const forecastErrors = errorCatalogue('FORECAST', {
  shuffled: {
    number: 1,
    status: 422,
    text: 'The times do not ascend (reading {index} is not after the one before it). Sort them, or look why the source mixes them up.',
  },
  tooFew: {
    number: 2,
    status: 422,
    text: 'There are {count} usable values, and a forecast {horizon} steps ahead needs at least {needed}. Take a longer span, a coarser step or a shorter horizon.',
  },
  constant: {
    number: 3,
    status: 422,
    text: 'The signal has the one value {value} all the time: there is nothing to learn. Look whether the sensor is stuck.',
  },
  tooLong: {
    number: 4,
    status: 422,
    text: 'A grid of {cells} steps is more than the {limit} that are allowed: take a coarser step or a shorter span.',
  },
  settings: { number: 5, status: 422, text: 'The setting {name} is {value}; it must be {expected}.' },
  model: { number: 6, status: 422, text: 'This is no forecast model: {reason}.' },
})
