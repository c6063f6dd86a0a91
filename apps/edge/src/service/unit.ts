import { ENVIRONMENT, NODE_FLAGS } from './runtime.ts'

export interface UnitOptions {
  /** Of Node. */
  readonly node: string
  /** The agent's program. */
  readonly program: string
  readonly directory: string
  /** A user of its own; undefined: systemd makes one for as long as it runs (DynamicUser). */
  readonly user: string | undefined
  /** That may open serial ports, as `dialout`; undefined: the machine has no such group. */
  readonly serialGroup: string | undefined
}

/** For the program: what the agent may take before the kernel ends it, and what V8 may. */
const MEMORY_MAX = '512M'

/**
 * A unit for systemd that lets the agent do what it is there for: sockets, serial ports and CAN, its own folder; nothing
 * else. `systemd-analyze security` tells what is left open.
 */
export function systemdUnit({ node, program, directory, user, serialGroup }: UnitOptions): string {
  const variables = Object.entries(ENVIRONMENT)
    .map(([name, value]) => `Environment=${name}=${value}`)
    .join('\n')
  // From a checkout in somebody's home it can be read, no more.
  const inHome = [node, program].some((path) => /^\/(home|root|run\/user)\//.test(path))
  return `[Unit]
Description=Millwright edge agent
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=exec
${variables}
ExecStart=${quoted(node)} ${NODE_FLAGS.join(' ')} ${quoted(program)} run --directory ${quoted(directory)}
Restart=always
RestartSec=2
TimeoutStopSec=10
${user === undefined ? 'DynamicUser=yes\nStateDirectory=millwright-edge' : `User=${user}\nReadWritePaths=${quoted(directory)}`}
UMask=0077
MemoryMax=${MEMORY_MAX}
OOMPolicy=continue

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=${inHome ? 'read-only' : 'yes'}
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_CAN
DevicePolicy=closed
DeviceAllow=char-ttyS rw
DeviceAllow=char-ttyUSB rw
DeviceAllow=char-ttyACM rw
${serialGroup === undefined ? '' : `SupplementaryGroups=${serialGroup}\n`}
[Install]
WantedBy=multi-user.target
`
}

/** As systemd reads arguments: quotes and backslashes escaped, `%` and `$` doubled. */
function quoted(text: string): string {
  const plain = text.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`
}
