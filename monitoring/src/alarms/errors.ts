import { errorCatalogue } from '@millwright/foundation'

export const alarmErrors = errorCatalogue('ALARM', {
  unknown: { number: 1, status: 404, text: 'There is no alarm {id}, or you may not see it.' },
  changed: {
    number: 2,
    status: 412,
    text: 'The alarm has moved on meanwhile (it is at version {version} now); load it again and repeat your step.',
  },
  notToAcknowledge: {
    number: 3,
    status: 409,
    text: 'There is nothing to acknowledge: the alarm is {state}.',
  },
  shelfTime: { number: 5, status: 422, text: 'An alarm is shelved for one minute to 24 hours.' },
  notToShelve: { number: 6, status: 409, text: 'Only an alarm that stands is shelved, and this one is over.' },
  notShelved: { number: 7, status: 409, text: 'The alarm is not shelved.' },
  notToReset: {
    number: 4,
    status: 409,
    text: 'Only a latched alarm is reset, and this one is {state}: its condition must return to normal and it must be acknowledged first.',
  },
})
