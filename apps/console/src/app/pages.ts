import type { LinkProps } from '@tanstack/react-router'
import type { Permission } from '../api/types.ts'
import {
  IconAdjustments,
  IconBell,
  IconBolt,
  IconBrain,
  IconChecklist,
  IconCpu,
  IconDatabase,
  IconHierarchy2,
  IconHome,
  IconShieldCheck,
  IconTool,
} from '../components/icons.ts'
import type { PlainKey } from '../messages/index.tsx'

export interface RailPage {
  readonly to: NonNullable<LinkProps['to']>
  readonly label: PlainKey
  readonly icon: typeof IconHome
  /** Shown to whoever has one of these somewhere; without: to everybody. */
  readonly needs?: readonly Permission[]
}

/** The rail: what exists, in the order of the day. */
export const RAIL: readonly RailPage[] = [
  { to: '/', label: 'shell.overview', icon: IconHome },
  { to: '/machines', label: 'shell.machines', icon: IconHierarchy2, needs: ['asset:read'] },
  { to: '/alarms', label: 'shell.alarms', icon: IconBell, needs: ['alarm:read'] },
  { to: '/maintenance', label: 'shell.maintenance', icon: IconTool, needs: ['service:read'] },
  { to: '/quality', label: 'shell.quality', icon: IconChecklist, needs: ['service:read'] },
  { to: '/energy', label: 'shell.energy', icon: IconBolt, needs: ['service:read'] },
  { to: '/models', label: 'shell.models', icon: IconBrain, needs: ['service:read'] },
  { to: '/fleet', label: 'shell.fleet', icon: IconCpu, needs: ['device:read'] },
  { to: '/data', label: 'shell.data', icon: IconDatabase, needs: ['signal:read', 'device:read', 'connection:read'] },
  { to: '/trust', label: 'shell.trust', icon: IconShieldCheck },
  { to: '/settings', label: 'shell.settings', icon: IconAdjustments },
]

/** Pages within an area that need more than the area itself. */
const WITHIN: readonly { readonly to: string; readonly needs: readonly Permission[] }[] = [
  { to: '/data/connections', needs: ['connection:read'] },
  { to: '/data/connections/new', needs: ['connection:write'] },
  { to: '/models/new', needs: ['service:write'] },
]

/** What a page asks for: one of these, somewhere. Undefined: everybody may see it. */
export function needsOf(pathname: string): readonly Permission[] | undefined {
  const fitting = [...WITHIN, ...RAIL]
    .filter(({ to }) => to !== '/' && (pathname === to || pathname.startsWith(`${to}/`)))
    .sort((a, b) => b.to.length - a.to.length)
  return fitting[0]?.needs
}
