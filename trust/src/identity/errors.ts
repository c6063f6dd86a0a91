import { errorCatalogue } from '@millwright/foundation'

export const identityErrors = errorCatalogue('IDENTITY', {
  foreign: {
    number: 1,
    status: 401,
    text: 'The certificate was not issued by this platform. Enrol the device here.',
  },
  expired: {
    number: 2,
    status: 401,
    text: 'The certificate has run out. Enrol the device again with a new enrolment token.',
  },
  notYetValid: {
    number: 3,
    status: 401,
    text: 'The certificate is not valid yet. Check the clocks of the device and of the server.',
  },
  notForClients: { number: 4, status: 401, text: 'The certificate is not one for a device.' },
  revoked: {
    number: 5,
    status: 401,
    text: 'The certificate {serial} was revoked. Enrol the device again with a new enrolment token.',
  },
  deviceUnknown: { number: 6, status: 401, text: 'The device {device} is not, or no longer, known here.' },
  deviceDisabled: { number: 7, status: 403, text: 'The device {device} is disabled. Enable it in the console.' },
  badToken: {
    number: 8,
    status: 401,
    text: 'The device token is unknown or was taken back. Make a new one in the console.',
  },
  unreadable: { number: 9, status: 401, text: 'The certificate cannot be read.' },
  badEnrolmentToken: {
    number: 10,
    status: 401,
    text: 'The enrolment token is unknown, was used already, or has run out. Make a new one in the console.',
  },
  otherPlatform: {
    number: 11,
    status: 401,
    text: 'The enrolment token belongs to another platform than this one. Check the address the device enrols at.',
  },
  notFound: { number: 12, status: 404, text: 'There is no device {id}.' },
  certificateNotFound: { number: 13, status: 404, text: 'The device has no certificate {serial}.' },
  alreadyRevoked: { number: 14, status: 409, text: 'The certificate {serial} was revoked already.' },
  certificateNeeded: {
    number: 15,
    status: 403,
    text: 'Only a device that connects with its certificate can renew it. Enrol with a new enrolment token instead.',
  },
  noToken: { number: 16, status: 404, text: 'The device {id} has no access token.' },
  certificateUnknown: {
    number: 18,
    status: 401,
    text: 'The certificate {serial} was issued by this platform, but it is not on record here: it was issued after the backup that was restored. Enrol the device again, or start once with --adopt-certificates.',
  },
  badValidity: {
    number: 17,
    status: 422,
    text: 'An enrolment token can be valid for one minute to 30 days.',
  },
})
