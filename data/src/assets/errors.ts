import { errorCatalogue } from '@millwright/foundation'

export const assetErrors = errorCatalogue('ASSET', {
  unknown: { number: 1, status: 404, text: 'There is no asset {id}, or you may not see it.' },
  nameTaken: {
    number: 2,
    status: 409,
    text: 'There is already an asset named "{name}" at this place; choose another name.',
  },
  levelBelow: {
    number: 3,
    status: 422,
    text: 'A node of level {level} cannot stand below one of level {parentLevel}: the levels run enterprise, site, area, line, cell, equipment (only equipment may hold equipment).',
  },
  hasChildren: { number: 4, status: 409, text: 'The asset "{name}" has nodes below it; move or remove them first.' },
  ownDescendant: { number: 5, status: 422, text: 'The asset "{name}" cannot be moved below itself.' },
  changed: {
    number: 6,
    status: 412,
    text: 'Somebody else changed it meanwhile (it is at version {version} now); load it again and repeat your change.',
  },
  classUnknown: { number: 7, status: 404, text: 'There is no equipment class {id}.' },
  classNameTaken: { number: 8, status: 409, text: 'There is already an equipment class named "{name}".' },
  classInUse: {
    number: 9,
    status: 409,
    text: 'The equipment class "{name}" is used by {count} assets; give them another class first.',
  },
  classSignalTwice: { number: 10, status: 422, text: 'The signal "{name}" stands twice in the class.' },
  fileParent: {
    number: 11,
    status: 422,
    text: 'The file places "{path}" below a node that neither stands before it in the file nor exists.',
  },
  tooDeep: { number: 12, status: 422, text: 'The tree may be {limit} levels deep at the most.' },
  classUnit: {
    number: 13,
    status: 422,
    text: '"{unit}" is not a UCUM unit; use "1" for a quantity without a unit, "Cel" for °C, "bar", "mm/s" and so on.',
  },
  deviceBound: {
    number: 14,
    status: 409,
    text: 'The asset "{name}" is served by {count} devices; bind them to other equipment first.',
  },
})
