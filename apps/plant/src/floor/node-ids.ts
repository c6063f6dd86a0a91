/** The node id of a machine, or of one of its signals or settings: the controller's own namespace is the first. */
export const opcuaNode = (machine: string, name?: string): string =>
  name === undefined ? `ns=1;s=${machine}` : `ns=1;s=${machine}.${name}`
