import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ensureIdentity } from '../enrol.ts'
import { systemdUnit } from './unit.ts'

const UNIT = '/etc/systemd/system/millwright-edge.service'
/** Where a unit with a user that systemd makes keeps its state. */
const STATE = '/var/lib/millwright-edge'

export interface InstallOptions {
  readonly directory: string
  readonly url?: string
  readonly token?: string
  readonly print?: true
  readonly user?: string
}

/** Writes the unit, or gives it back to be shown. @returns what to say */
export async function installService(options: InstallOptions): Promise<string> {
  const { directory, user } = options
  if (user !== undefined && !/^[a-z_][a-z0-9_-]{0,31}$/.test(user))
    throw new Error(`${user} is not the name of a user.`)
  // From the source, or from the bundle, whose files stand side by side.
  const main = import.meta.url.endsWith('.ts') ? '../main.ts' : './agent.mjs'
  const unit = systemdUnit({
    node: process.execPath,
    program: fileURLToPath(new URL(main, import.meta.url)),
    directory: user === undefined ? STATE : directory,
    user,
    serialGroup: await serialGroup(),
  })
  if (options.print === true) return unit
  if (options.url !== undefined) {
    await ensureIdentity(
      user === undefined ? STATE : directory,
      options.url,
      options.token ?? process.env['MILLWRIGHT_ENROLMENT_TOKEN'],
    )
  }
  try {
    await writeFile(UNIT, unit)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'ENOENT') throw error
    throw new Error(`${UNIT} cannot be written (${code}): run this as root, or take --print and put it there yourself.`)
  }
  return `Wrote ${UNIT}. Start it: systemctl daemon-reload && systemctl enable --now millwright-edge`
}

/** Debian and Fedora call it dialout, Arch uucp; a unit that names a group that is not there does not start. */
async function serialGroup(): Promise<string | undefined> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '')
  return ['dialout', 'uucp'].find((name) => new RegExp(`^${name}:`, 'm').test(groups))
}
