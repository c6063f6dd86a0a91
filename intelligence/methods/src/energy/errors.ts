import { errorCatalogue } from '@millwright/foundation'

export const energyErrors = errorCatalogue('ENERGY', {
  tooLarge: {
    number: 1,
    status: 422,
    text: 'The schedule has {size} {what}, more than the {limit} that are solved in bounded time: take a coarser step, a shorter span or fewer jobs.',
  },
  impossible: {
    number: 2,
    status: 422,
    text: 'There is no schedule that keeps all the limits: {reason}.',
  },
  input: { number: 3, status: 422, text: '{name} is not usable: {reason}.' },
  tooFew: {
    number: 4,
    status: 422,
    text: 'There are {rows} usable rows and {terms} terms in the model; at least {needed} rows are needed. Take a longer baseline period or fewer drivers.',
  },
  noDriver: {
    number: 5,
    status: 422,
    text: 'None of the drivers can be used: {reasons}.',
  },
  model: { number: 6, status: 422, text: 'This is no energy baseline: {reason}.' },
  timeOut: {
    number: 7,
    status: 422,
    text: 'The solver found no schedule within {seconds} s: take a coarser step, a shorter span or fewer jobs.',
  },
})
