import { errorCatalogue } from '@millwright/foundation'

export const anomalyErrors = errorCatalogue('ANOMALY', {
  shape: {
    number: 1,
    status: 422,
    text: 'The history is not in order: {reason}. Give one name and one column for each signal, each as long as the times.',
  },
  shuffled: {
    number: 2,
    status: 422,
    text: 'The times of the history do not ascend (row {row} is not later than the row before it). Sort the rows by time and remove doubles.',
  },
  tooFew: {
    number: 3,
    status: 422,
    text: 'Learning what is normal takes at least {least} rows with readings, and there are {rows} ({reason}). Choose a longer history or fewer signals.',
  },
  noSignals: {
    number: 4,
    status: 422,
    text: 'No signal is left to learn from: {reason}. Choose signals that have readings and move.',
  },
  unknownSignal: {
    number: 5,
    status: 422,
    text: 'The operating signal "{name}" is not among the signals of the history.',
  },
  noMethod: {
    number: 6,
    status: 422,
    text: 'None of the chosen methods can learn from this history: {reason}.',
  },
  strangers: {
    number: 7,
    status: 422,
    text: 'None of the signals given is known to the model; it was trained on {names}.',
  },
  setting: { number: 8, status: 422, text: 'The setting {name} is {value}; it must be {range}.' },
  onlyAnomalies: {
    number: 9,
    status: 422,
    text: 'After the spans labelled as anomalies are taken out, {rows} rows are left; at least {least} rows of normal running are needed.',
  },
})
