import { errorCatalogue } from '@millwright/foundation'

export const serviceErrors = errorCatalogue('SERVICE', {
  unknown: { number: 1, status: 404, text: 'There is no AI service {id}, or you may not see it.' },
  changed: {
    number: 2,
    status: 412,
    text: 'Somebody else changed the service meanwhile (it is at version {version} now); load it again and repeat your change.',
  },
  kindUnknown: { number: 3, status: 422, text: 'There is no kind of service named {kind}.' },
  equipmentUnknown: { number: 4, status: 404, text: 'There is no equipment {id}, or you may not see it.' },
  settings: { number: 5, status: 422, text: 'The settings cannot be used: {reason}' },
  nameTaken: {
    number: 6,
    status: 409,
    text: 'There is already a service named "{name}" at this equipment; choose another name.',
  },
  tooMany: {
    number: 7,
    status: 422,
    text: 'There are {limit} services already, the most a tenant can have; delete some first.',
  },
  notTrained: {
    number: 8,
    status: 409,
    text: 'Services of the kind {kind} are not trained here: upload a model instead.',
  },
  notUploaded: {
    number: 9,
    status: 409,
    text: 'Services of the kind {kind} are trained here: they take no uploaded model.',
  },
  training: {
    number: 10,
    status: 409,
    text: 'Version {number} of this service waits or is trained already; wait for it, or cancel it.',
  },
  queueFull: {
    number: 11,
    status: 429,
    text: '{limit} trainings and recomputations of yours wait already; try again when some are done.',
  },
  range: { number: 12, status: 422, text: 'The span ends before it begins: `to` must be later than `from`.' },
  noInputs: {
    number: 13,
    status: 422,
    text: 'There is nothing to learn from: {reason}',
  },
  versionUnknown: { number: 14, status: 404, text: 'The service has no version {number}.' },
  versionNotReady: {
    number: 15,
    status: 409,
    text: 'Version {number} cannot be published: it is {state}. Publish one that is ready.',
  },
  nothingToPublish: { number: 16, status: 409, text: 'The service has no version that is ready; train one first.' },
  notLive: { number: 17, status: 409, text: 'The service is not live.' },
  outputTaken: {
    number: 18,
    status: 409,
    text: 'The equipment has a signal "{name}" already, which is not this service’s; rename the service or the signal.',
  },
  notUnderWay: { number: 19, status: 409, text: 'It is {state} already; there is nothing to cancel.' },
  jobUnknown: { number: 20, status: 404, text: 'The service has no job {id}.' },
  episodeUnknown: { number: 21, status: 404, text: 'The service has no episode {id}.' },
  labelUnknown: { number: 22, status: 404, text: 'The service has no label {id}.' },
  labelSpan: {
    number: 23,
    status: 422,
    text: 'A label belongs to an episode or to a span: give either `episode`, or `from` and `to`.',
  },
  noAlarms: {
    number: 24,
    status: 422,
    text: 'A service of the kind {kind} raises no alarms with these settings; leave the alarm out, or set what it is raised on.',
  },
  tooMuchHistory: {
    number: 25,
    status: 422,
    text: 'The history is too much to learn from at once ({values} values, at most {limit}): choose fewer signals, a shorter span or a longer step.',
  },
  inputMissing: {
    number: 26,
    status: 422,
    text: 'The equipment has no signal "{name}", which the settings name; mend the settings.',
  },
  inputCircle: {
    number: 27,
    status: 422,
    text: 'The signal "{name}" is made from what this service writes: it cannot be one of its inputs.',
  },
  model: { number: 28, status: 422, text: 'The model cannot be used: {reason}' },
  modelEncoding: { number: 29, status: 422, text: 'The model is not valid base64.' },
  tooManyLabels: {
    number: 30,
    status: 422,
    text: 'The service has {limit} labels already, the most it can have; take some back first.',
  },
  noForecast: {
    number: 40,
    status: 409,
    text: 'There is no forecast now: too little of the newest history is known, or the version was trained on too little. Look whether the signal still comes, and train again.',
  },
  otherKind: {
    number: 41,
    status: 409,
    text: 'The service is of the kind {kind}; only services of the kind {wanted} tell this.',
  },
  partUnknown: {
    number: 50,
    status: 404,
    text: 'No part {serial} was seen at that station in this span; choose an earlier time, or look at its serial number.',
  },
  notCharted: {
    number: 51,
    status: 422,
    text: 'The signal "{name}" is a {kind}; control charts are drawn of numbers and truths.',
  },
  signalUnknown: { number: 52, status: 404, text: 'There is no signal {id}, or you may not see it.' },
})
