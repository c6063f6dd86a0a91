import { errorCatalogue } from '@millwright/foundation'

export const signalErrors = errorCatalogue('SIGNAL', {
  unknown: { number: 1, status: 404, text: 'There is no signal {id}, or you may not see it.' },
  nameTaken: { number: 2, status: 409, text: 'There is already a signal named "{name}" there; choose another name.' },
  changed: {
    number: 3,
    status: 412,
    text: 'Somebody else changed the signal meanwhile (it is at version {version} now); load it again and repeat your change.',
  },
  unit: {
    number: 4,
    status: 422,
    text: '"{unit}" is not a UCUM unit; use "1" for a quantity without a unit, "Cel" for °C, "bar", "mm/s" and so on.',
  },
  range: { number: 5, status: 422, text: 'The lower limit {min} is not below the upper limit {max}.' },
  kindDiffers: {
    number: 6,
    status: 422,
    text: 'The metric "{metric}" came as {sent}, but the signal of that name holds {kind}; send {kind}, or use another name.',
  },
  unitDiffers: {
    number: 7,
    status: 422,
    text: 'The metric "{metric}" came in {sent}, which cannot be converted to the signal\'s unit {unit}.',
  },
  refused: {
    number: 8,
    status: 422,
    text: 'The metric "{metric}" was not announced, and the device {device} may not create signals; announce it, or let the device create them.',
  },
  tooMany: {
    number: 9,
    status: 429,
    text: 'The device {device} already has {limit} signals; the metric "{metric}" is not stored. Are names made up per message?',
  },
  unitFixed: {
    number: 10,
    status: 422,
    text: 'History is stored in {from}, so the unit cannot become {unit}; send that unit with the readings (they are converted), or make a new signal.',
  },
  deviceUnknown: { number: 11, status: 404, text: 'There is no device {device}, or you may not see it.' },
})
