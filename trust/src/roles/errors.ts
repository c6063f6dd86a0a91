import { errorCatalogue } from '@millwright/foundation'

export const roleErrors = errorCatalogue('ROLE', {
  notFound: { number: 1, status: 404, text: 'There is no role {id} in this tenant.' },
  builtIn: {
    number: 2,
    status: 409,
    text: 'The role {name} is built in and cannot be changed or deleted. Make a role of your own beside it.',
  },
  nameTaken: { number: 3, status: 409, text: 'There is a role named {name} already. Choose another name.' },
  inUse: { number: 4, status: 409, text: 'The role {name} is granted {count} times. Take these grants back first.' },
  changed: {
    number: 5,
    status: 412,
    text: 'The role {id} was changed meanwhile. Read it again and repeat your change.',
  },
  tooMuch: {
    number: 6,
    status: 403,
    text: 'You cannot give the permission {permission}, because you do not have it there yourself.',
  },
  grantNotFound: { number: 7, status: 404, text: 'There is no grant {id} in this tenant.' },
  grantStands: { number: 8, status: 409, text: 'This person has this role there already.' },
  nodeNotFound: { number: 9, status: 404, text: 'There is no node {node} in the asset tree of this tenant.' },
  lastAdministrator: {
    number: 10,
    status: 409,
    text: 'This is the last active administrator of the tenant. Make another one first.',
  },
  tooMany: { number: 11, status: 409, text: 'This tenant has {count} roles, which is the most there can be.' },
})
