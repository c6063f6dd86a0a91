import { errorCatalogue } from '../errors.ts'

export const configErrors = errorCatalogue('CONFIG', {
  unknownFlag: { number: 1, status: 400, text: 'There is no option {flag}.{hint} See --help.' },
  unknownKey: { number: 2, status: 400, text: 'The configuration file {file} has an unknown entry {key}.{hint}' },
  value: { number: 3, status: 400, text: '{name} (from {origin}) {reason}.' },
  missing: { number: 4, status: 400, text: '{name} is needed: give {flag} or set {variable}.' },
  noValue: { number: 5, status: 400, text: 'The option {flag} needs a value: {flag} VALUE.' },
  unreadable: { number: 6, status: 400, text: 'The configuration file {file} cannot be read: {reason}.' },
  notJson: { number: 7, status: 400, text: 'The configuration file {file} is not a JSON object: {reason}.' },
  argument: {
    number: 8,
    status: 400,
    text: 'The argument {argument} is not an option; options begin with --. See --help.',
  },
})
