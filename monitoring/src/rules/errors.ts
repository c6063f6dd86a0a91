import { errorCatalogue } from '@millwright/foundation'

export const ruleErrors = errorCatalogue('RULE', {
  unknown: { number: 1, status: 404, text: 'There is no rule {id}, or you may not see it.' },
  changed: {
    number: 2,
    status: 412,
    text: 'Somebody else changed the rule meanwhile (it is at version {version} now); load it again and repeat your change.',
  },
  target: {
    number: 3,
    status: 422,
    text: 'A rule watches either an equipment class or one piece of equipment: give exactly one of the two.',
  },
  equipmentUnknown: { number: 4, status: 404, text: 'There is no equipment {id}, or you may not see it.' },
  classUnknown: { number: 5, status: 404, text: 'There is no equipment class {id}.' },
  expression: { number: 6, status: 422, text: 'The {field} cannot be used: {reason} (at character {position})' },
  nameTaken: { number: 7, status: 409, text: 'There is already a rule named "{name}" for this; choose another name.' },
  range: { number: 8, status: 422, text: 'The dry run ends before it begins: `to` must be later than `from`.' },
  busy: { number: 10, status: 429, text: 'Other dry runs are under way; try again when they are done.' },
  tooMany: {
    number: 9,
    status: 422,
    text: 'There are {limit} rules already, the most a tenant can have; delete some first.',
  },
  place: {
    number: 11,
    status: 422,
    text: 'The message names "{name}", and there is no such signal here: a place in braces takes the exact name of a signal of the equipment, or of its class.',
  },
  placeKind: {
    number: 12,
    status: 422,
    text: 'The message names "{name}", which is a {kind}: only numbers, booleans and states can stand in a sentence.',
  },
})
