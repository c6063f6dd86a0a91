/** Which lists an event makes old: the first part of their query keys. */
const MADE_OLD: readonly (readonly [prefix: string, keys: readonly string[]])[] = [
  ['millwright.asset.', ['assets']],
  ['millwright.signal.', ['signals']],
  ['millwright.device.', ['devices']],
  ['millwright.certificate.', ['devices', 'certificates']],
  ['millwright.connection.', ['connections', 'devices']],
  ['millwright.agent.', ['agents']],
  ['millwright.command.', ['devices']],
  ['millwright.twin.', ['devices']],
  ['millwright.rule.', ['rules']],
  ['millwright.service.', ['services']],
  ['millwright.user.', ['users']],
  ['millwright.grant.', ['grants']],
]

export const madeOldBy = (type: string): readonly string[] =>
  MADE_OLD.find(([prefix]) => type.startsWith(prefix))?.[1] ?? []
