import type { PlainKey } from '../../messages/index.tsx'

interface KeyGroup {
  readonly title: PlainKey
  readonly keys: readonly { readonly keys: readonly string[]; readonly does: PlainKey }[]
}

/** The shortcuts, for the help page; the names of keys are as they stand on the keys. */
export const KEYS: readonly KeyGroup[] = [
  { title: 'settings.anywhere', keys: [{ keys: ['Ctrl', 'K'], does: 'settings.key.palette' }] },
  {
    title: 'settings.lists',
    keys: [
      { keys: ['j', '↓'], does: 'settings.key.down' },
      { keys: ['k', '↑'], does: 'settings.key.up' },
      { keys: ['Enter'], does: 'settings.key.open' },
      { keys: ['x'], does: 'settings.key.select' },
      { keys: ['a'], does: 'settings.key.acknowledge' },
    ],
  },
  {
    title: 'settings.tree',
    keys: [
      { keys: ['→', '←'], does: 'settings.key.expand' },
      { keys: ['n'], does: 'settings.key.add' },
      { keys: ['F2'], does: 'settings.key.edit' },
      { keys: ['Delete'], does: 'settings.key.delete' },
    ],
  },
  {
    title: 'settings.charts',
    keys: [
      { keys: ['←', '→'], does: 'settings.key.pan' },
      { keys: ['+', '−'], does: 'settings.key.zoom' },
      { keys: ['Drag'], does: 'settings.key.brush' },
      { keys: ['Shift', 'Drag'], does: 'settings.key.compare' },
      { keys: ['Ctrl', 'Wheel'], does: 'settings.key.wheel' },
    ],
  },
]
