/** The token of a one-time link: `#token=…`, or the bare token. Undefined when the fragment holds none. */
export function linkToken(hash: string): string | undefined {
  const fragment = hash.replace(/^#\/?/, '')
  const named = /(?:^|&)(?:token|link)=([^&]+)/.exec(fragment)?.[1]
  const token = named === undefined ? fragment : decodeURIComponent(named)
  return /^[\w.~-]{20,200}$/.test(token) ? token : undefined
}
