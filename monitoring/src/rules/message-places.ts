/** `{signal}` places in the messages of rules. */
const PLACE = /\{([^{}]{1,200})\}/g

/** Fills each place; `following` is the text after it. */
export const fillPlaces = (message: string, fill: (name: string, following: string) => string): string =>
  message.replace(PLACE, (place, name: string, at: number) => fill(name.trim(), message.slice(at + place.length)))

/** The names in a message's places, each once. */
export const placesOf = (message: string): Set<string> =>
  new Set(Array.from(message.matchAll(PLACE), ([, name]) => name!.trim()))
