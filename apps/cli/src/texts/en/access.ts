/** Getting to the platform: addresses, trust, signing in, live connections. */
export const session = {
  badUrl: '“{given}” is no address; write https://plant.example:8080.',
  plainHttp: '{given} would send your token in the clear; use https (plain http is for this machine only).',
  configDamaged: '{path} is not what this program wrote; mend or delete it, then sign in again.',
  noToken:
    'You are not signed in to {url}: run `millwright login --url {url}`, set MILLWRIGHT_TOKEN, or name the data directory of a platform on this machine with --data.',
  silent: 'no answer within {seconds} s',
  unreachable: 'The platform at {url} cannot be reached ({reason}). Is it running, and is the address right?',
  again: 'Here: `millwright login`; on the platform’s own machine --data must name its data directory.',
  trustQuestion:
    'The platform at {url} has a certificate authority of its own, which this machine does not know. SHA-256:\n  {fingerprint}\nCompare it with what `millwright info` shows on the platform’s own machine. Trust it from now on?',
  untrusted:
    'The platform at {url} has a certificate authority that this machine does not know (SHA-256 {fingerprint}). Give it with --ca FILE, or confirm it with `millwright login --fingerprint …`.',
  otherAuthority:
    'it does not show the certificate authority that is trusted for it: somebody may stand in between, or it was set up anew; then confirm the new one with `millwright login --fingerprint …`',
  notTrusted: 'The authority of {url} was not trusted; nothing was sent.',
} as const

export const login = {
  login: 'Sign in by e-mail and password, or by a one-time link',
  about:
    'A link asks for a new password. An API token with your permissions is made and kept on this machine; the commands use it from then on.',
  logout: 'Forget the token of this machine, and revoke it at the platform',
  whoami: 'Who is signed in, and what they may do',
  email: 'e-mail address',
  passwordStdin: 'read the password from standard input (its first line)',
  days: 'how long the token lasts (default {standard})',
  fingerprint: 'SHA-256 of the platform’s certificate authority, to trust it without being asked',
  badLink: 'That is not a sign-in link; it looks like https://plant.example:8080/sign-in#mwl_… (put it in quotes).',
  noEmail: 'Give an e-mail address with --email.',
  askEmail: 'E-mail:',
  askEmailAgain: 'E-mail [{email}]:',
  password: 'Password of {email}:',
  newPassword: 'New password (12 characters or more):',
  repeatPassword: 'Once more:',
  shortPassword: 'The password is too short; take 12 characters or more.',
  passwordsDiffer: 'The two passwords differ; nothing was changed.',
  noPermissions: '{email} may not do anything yet; ask an administrator for a role.',
  tokenName: 'millwright on {host}',
  done: 'Signed in to {url} as {name} ({tenant}).',
  kept: 'A token until {until} is kept in {path}.',
  notSignedIn: 'There is no token for {url} here.',
  loggedOut: 'Signed out of {url}: the token is no longer on this machine.',
  notRevoked:
    'The platform did not revoke it ({failure}). It lasts until {until}: `millwright tokens revoke {id}` ends it.',
  localOperator: 'local operator (the token in the data directory)',
} as const

export const live = {
  lost: 'The live connection is lost ({reason}); coming back …',
  back: 'The live connection is back.',
  closed: 'the platform closed it',
  refused: 'The platform refuses the live connection ({status}): is the token still good? See `millwright whoami`.',
  leftOut: { one: '{n} row left out: this reads too slowly.', other: '{n} rows left out: this reads too slowly.' },
} as const

export const tokens = {
  group: 'Your API tokens (each of these asks for your password)',
  list: 'List your API tokens',
  create: 'Make an API token; it is shown once',
  revoke: 'Revoke an API token',
  all: 'also those that were revoked or have run out',
  permission: 'what it may do (several, or separated by commas; default: all that you may)',
  days: 'how long it lasts (default {standard})',
  created: 'API token “{name}”, until {until}. It is shown only now.',
  revokeQuestion: 'Revoke the API token “{name}”? Programs that use it stop working.',
  revoked: 'Revoked the API token “{name}”.',
  none: 'You have no API tokens. Make one: millwright tokens create NAME',
} as const
