import { errorCatalogue } from '@millwright/foundation'

export const recordingErrors = errorCatalogue('RECORDING', {
  signalUnknown: { number: 1, status: 404, text: 'There is no signal {id}, or you may not see it.' },
  kind: {
    number: 2,
    status: 422,
    text: 'The signal {name} is a {kind}; a spectrum needs a waveform: choose the recordings of an acceleration sensor.',
  },
  none: {
    number: 3,
    status: 404,
    text: 'There is no usable recording of {name} at that time or before. Choose a later time, or wait for the next.',
  },
  unit: {
    number: 4,
    status: 422,
    text: 'The unit of {name} is {unit}, and vibration is judged by acceleration: give the signal m/s2 or [g].',
  },
  shaft: { number: 5, status: 422, text: 'An order spectrum needs the speed of the shaft: give it as `shaft`, in Hz.' },
  notListened: { number: 6, status: 404, text: 'The service {service} does not listen to a waveform {id}.' },
})
