import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { queryClient } from '../api/query-client.ts'
import { sessionQuery } from '../api/session.ts'
import type { RangeSearch } from '../charts/time-range.ts'
import { Crashed, NotFound, PagePending } from './fallbacks.tsx'
import * as search from './search.ts'
import { Shell } from './shell.tsx'

const root = createRootRoute({
  validateSearch: (values: Record<string, unknown>): RangeSearch => search.range(values),
  // The time range goes along from page to page: all charts everywhere show the same time.
  search: { middlewares: [retainSearchParams<RangeSearch>(['last', 'from', 'to'])] },
  notFoundComponent: NotFound,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: search.signIn,
  component: lazyRouteComponent(() => import('../pages/session/sign-in.tsx'), 'SignInPage'),
})
const password = createRoute({
  getParentRoute: () => root,
  path: '/set-password',
  beforeLoad: async () => {
    if ((await queryClient.ensureQueryData(sessionQuery)) === null) throw redirect({ to: '/sign-in' })
  },
  component: lazyRouteComponent(() => import('../pages/session/set-password.tsx'), 'SetPasswordPage'),
})

/** Everything behind the sign-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery)
    if (session === null) throw redirect({ to: '/sign-in', search: { next: location.href } })
    if (session.mustSetPassword) throw redirect({ to: '/set-password' })
  },
})

const at = <const P extends string>(path: P) => ({ getParentRoute: () => inside, path }) as const

const overview = createRoute({
  ...at('/'),
  component: lazyRouteComponent(() => import('../pages/overview/overview.tsx'), 'OverviewPage'),
})
const machines = createRoute({
  ...at('/machines'),
  validateSearch: search.machines,
  component: lazyRouteComponent(() => import('../pages/machines/tree-page.tsx'), 'TreePage'),
})
const fleetTable = createRoute({
  ...at('/machines/table'),
  validateSearch: search.machineTable,
  component: lazyRouteComponent(() => import('../pages/machines/table-page.tsx'), 'MachineTablePage'),
})
const classes = createRoute({
  ...at('/machines/classes'),
  validateSearch: search.open,
  component: lazyRouteComponent(() => import('../pages/machines/classes-page.tsx'), 'ClassesPage'),
})
const machine = createRoute({
  ...at('/machines/$id'),
  validateSearch: search.machine,
  component: lazyRouteComponent(() => import('../pages/machine/machine-page.tsx'), 'MachinePage'),
})
const alarms = createRoute({
  ...at('/alarms'),
  validateSearch: search.alarms,
  component: lazyRouteComponent(() => import('../pages/alarms/active-page.tsx'), 'ActivePage'),
})
const journal = createRoute({
  ...at('/alarms/journal'),
  validateSearch: search.journal,
  component: lazyRouteComponent(() => import('../pages/alarms/journal-page.tsx'), 'JournalPage'),
})
const rules = createRoute({
  ...at('/alarms/rules'),
  validateSearch: search.listing,
  component: lazyRouteComponent(() => import('../pages/rules/rules-page.tsx'), 'RulesPage'),
})
const rule = createRoute({
  ...at('/alarms/rules/$id'),
  validateSearch: search.rule,
  component: lazyRouteComponent(() => import('../pages/rules/rule-page.tsx'), 'RulePage'),
})
const maintenance = createRoute({
  ...at('/maintenance'),
  component: lazyRouteComponent(() => import('../pages/maintenance/maintenance-page.tsx'), 'MaintenancePage'),
})
const models = createRoute({
  ...at('/models'),
  validateSearch: search.models,
  component: lazyRouteComponent(() => import('../pages/models/models-page.tsx'), 'ModelsPage'),
})
const newModel = createRoute({
  ...at('/models/new'),
  validateSearch: search.newModel,
  component: lazyRouteComponent(() => import('../pages/models/new-page.tsx'), 'NewModelPage'),
})
const model = createRoute({
  ...at('/models/$id'),
  validateSearch: search.model,
  component: lazyRouteComponent(() => import('../pages/models/model-page.tsx'), 'ModelPage'),
})
const quality = createRoute({
  ...at('/quality'),
  validateSearch: search.quality,
  component: lazyRouteComponent(() => import('../pages/quality/quality-page.tsx'), 'QualityPage'),
})
const energy = createRoute({
  ...at('/energy'),
  validateSearch: search.energy,
  component: lazyRouteComponent(() => import('../pages/energy/energy-page.tsx'), 'EnergyPage'),
})
const devices = createRoute({
  ...at('/fleet'),
  validateSearch: search.devices,
  component: lazyRouteComponent(() => import('../pages/fleet/devices-page.tsx'), 'DevicesPage'),
})
const device = createRoute({
  ...at('/fleet/$id'),
  validateSearch: search.device,
  component: lazyRouteComponent(() => import('../pages/fleet/device-page.tsx'), 'DevicePage'),
})
const agents = createRoute({
  ...at('/fleet/agents'),
  validateSearch: search.agents,
  component: lazyRouteComponent(() => import('../pages/agents/agents-page.tsx'), 'AgentsPage'),
})
const agent = createRoute({
  ...at('/fleet/agents/$id'),
  validateSearch: search.agent,
  component: lazyRouteComponent(() => import('../pages/agents/agent-page.tsx'), 'AgentPage'),
})
const dataHealth = createRoute({
  ...at('/data'),
  component: lazyRouteComponent(() => import('../pages/data/health-page.tsx'), 'HealthPage'),
})
const signals = createRoute({
  ...at('/data/signals'),
  validateSearch: search.listing,
  component: lazyRouteComponent(() => import('../pages/data/signals-page.tsx'), 'SignalsPage'),
})
const deadLetters = createRoute({
  ...at('/data/dead-letters'),
  validateSearch: search.deadLetters,
  component: lazyRouteComponent(() => import('../pages/data/dead-letters-page.tsx'), 'DeadLettersPage'),
})
const connections = createRoute({
  ...at('/data/connections'),
  validateSearch: search.connections,
  component: lazyRouteComponent(() => import('../pages/connections/connections-page.tsx'), 'ConnectionsPage'),
})
const newConnection = createRoute({
  ...at('/data/connections/new'),
  validateSearch: search.newConnection,
  component: lazyRouteComponent(() => import('../pages/connections/new-page.tsx'), 'NewConnectionPage'),
})
const connection = createRoute({
  ...at('/data/connections/$id'),
  validateSearch: search.connection,
  component: lazyRouteComponent(() => import('../pages/connections/connection-page.tsx'), 'ConnectionPage'),
})
const trust = createRoute({
  ...at('/trust'),
  component: lazyRouteComponent(() => import('../pages/trust/trust-page.tsx'), 'TrustPage'),
})
const users = createRoute({
  ...at('/trust/users'),
  validateSearch: search.users,
  component: lazyRouteComponent(() => import('../pages/trust/users-page.tsx'), 'UsersPage'),
})
const roles = createRoute({
  ...at('/trust/roles'),
  component: lazyRouteComponent(() => import('../pages/trust/roles-page.tsx'), 'RolesPage'),
})
const grants = createRoute({
  ...at('/trust/grants'),
  validateSearch: search.listing,
  component: lazyRouteComponent(() => import('../pages/trust/grants-page.tsx'), 'GrantsPage'),
})
const tokens = createRoute({
  ...at('/trust/tokens'),
  component: lazyRouteComponent(() => import('../pages/trust/tokens-page.tsx'), 'TokensPage'),
})
const tenants = createRoute({
  ...at('/trust/tenants'),
  component: lazyRouteComponent(() => import('../pages/trust/tenants-page.tsx'), 'TenantsPage'),
})
const certificates = createRoute({
  ...at('/trust/certificates'),
  validateSearch: search.certificates,
  component: lazyRouteComponent(() => import('../pages/trust/certificates-page.tsx'), 'CertificatesPage'),
})
const audit = createRoute({
  ...at('/trust/audit'),
  validateSearch: search.audit,
  component: lazyRouteComponent(() => import('../pages/trust/audit-page.tsx'), 'AuditPage'),
})
const settings = createRoute({
  ...at('/settings'),
  component: lazyRouteComponent(() => import('../pages/settings/settings-page.tsx'), 'SettingsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    password,
    inside.addChildren([
      overview,
      machines,
      fleetTable,
      classes,
      machine,
      alarms,
      journal,
      rules,
      rule,
      maintenance,
      quality,
      energy,
      models,
      newModel,
      model,
      devices,
      device,
      agents,
      agent,
      dataHealth,
      signals,
      deadLetters,
      connections,
      newConnection,
      connection,
      trust,
      users,
      roles,
      grants,
      tokens,
      tenants,
      certificates,
      audit,
      settings,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: PagePending,
  defaultPendingMs: 80,
  defaultErrorComponent: Crashed,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
  scrollToTopSelectors: ['#main'],
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
