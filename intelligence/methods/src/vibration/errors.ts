import { errorCatalogue } from '@millwright/foundation'

export const vibrationErrors = errorCatalogue('VIBRATION', {
  short: {
    number: 1,
    status: 422,
    text: 'This waveform has {samples} samples; at least {least} are needed. Record for longer.',
  },
  sampleRate: {
    number: 2,
    status: 422,
    text: 'A waveform needs a sample rate above zero in Hz, and this one says {rate}. Set it where the signal comes from.',
  },
  gaps: {
    number: 3,
    status: 422,
    text: 'Sample {at} of this waveform is not a number. A waveform with gaps has no spectrum: leave it out.',
  },
  stuck: {
    number: 4,
    status: 422,
    text: 'All samples of this waveform are {value}: the sensor is stuck or not connected. Check its cable and its supply.',
  },
  band: {
    number: 5,
    status: 422,
    text: 'The band {from} to {to} Hz holds nothing of this waveform; it reaches to {limit} Hz, in steps of {step} Hz.',
  },
  resolution: {
    number: 6,
    status: 422,
    text: 'A resolution of {wanted} Hz needs {seconds} s of waveform, and this one lasts {lasts} s. Ask for a coarser one, or record for longer.',
  },
  geometry: {
    number: 7,
    status: 422,
    text: 'A bearing cannot have this geometry: {reason}. Take the values from its data sheet.',
  },
  gear: {
    number: 8,
    status: 422,
    text: 'A gear has a whole number of teeth from 3 to 2000, and this one has {teeth}.',
  },
  speed: {
    number: 9,
    status: 422,
    text: 'The speed does not fit the waveform: {reason}. Give it in Hz over the whole of the recording.',
  },
  pulses: {
    number: 10,
    status: 422,
    text: 'These tacho pulses give no speed: {reason}. Check the trigger level and the marks per turn.',
  },
  classes: { number: 11, status: 422, text: 'A classifier cannot be trained on this: {reason}.' },
  model: { number: 12, status: 422, text: 'This is no classifier of vibration: {reason}. Train it anew.' },
})
