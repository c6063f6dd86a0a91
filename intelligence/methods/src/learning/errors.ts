import { errorCatalogue } from '@millwright/foundation'

export const learningErrors = errorCatalogue('LEARN', {
  tooFewRows: {
    number: 1,
    status: 422,
    text: 'There are {rows} usable rows, and at least {least} are needed to learn from: take a longer time, or look at why rows are missing.',
  },
  nothingVaries: {
    number: 2,
    status: 422,
    text: 'There is nothing to learn from: every input is constant or missing ({inputs}). Choose other inputs, or a time in which the machine worked.',
  },
  oneClass: {
    number: 3,
    status: 422,
    text: 'All rows are of one class, so there is nothing to tell apart: take a time that holds at least two.',
  },
  constantTarget: {
    number: 4,
    status: 422,
    text: 'The value to be learned is {value} in every row: take a time in which it changes.',
  },
  shape: { number: 5, status: 422, text: 'The data does not fit together: {reason}.' },
  inputs: {
    number: 6,
    status: 422,
    text: 'The model was trained on {wanted}, and was given {given}: hand it the same inputs in the same order.',
  },
  setting: { number: 7, status: 422, text: 'The setting {name} cannot be {value}: {reason}.' },
  tooLarge: {
    number: 9,
    status: 422,
    text: 'There are {rows} rows of {inputs} inputs, more than fit in memory at once: take every second row, or fewer inputs.',
  },
  classIndex: {
    number: 8,
    status: 422,
    text: 'A class is given as a whole number from 0 to {last}, and row {row} has {value}.',
  },
})
