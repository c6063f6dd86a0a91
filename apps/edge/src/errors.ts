import { errorCatalogue } from '@millwright/foundation'

/** What the agent may have to say to the person who set it up, or to the platform. */
export const edgeErrors = errorCatalogue('EDGE', {
  notEnrolled: {
    number: 1,
    status: 409,
    text: 'There is no identity in {directory}: enrol first, with --url and a one-time --token from the console (Edge agents > New).',
  },
  otherPlatform: {
    number: 2,
    status: 409,
    text: '{directory} belongs to an agent of {url}, and {asked} is not known to be the same platform: {reason} Give an agent of another platform a directory of its own.',
  },
  configurationInvalid: {
    number: 3,
    status: 400,
    text: 'The configuration {version} is not one that this agent understands ({reason}): is the agent older than the platform?',
  },
  connectionUnknown: { number: 4, status: 404, text: 'There is no connection {connection} at this agent.' },
  timedOut: { number: 5, status: 504, text: 'The command was not done within {seconds} s.' },
  clockNotSet: {
    number: 6,
    status: 400,
    text: 'The time of {path} is {time}, which is not believable by the agent’s clock.',
  },
})
