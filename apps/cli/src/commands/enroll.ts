import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command } from '../command.ts'
import { usage } from '../errors.ts'
import { parseAddress } from '../session/address.ts'
import { text } from '../texts/text.ts'

/** Runs on the device. Its token names the platform's authority, so that nothing else needs to be trusted beforehand. */
export function enrollCommand(program: Command, cli: Cli): void {
  command(program, 'enroll', {
    text: 'enroll.enroll',
    about: 'enroll.about',
    examples: ['enroll --url https://plant.example:8080 --token mwe_… --out ./identity'],
    aliases: ['enrol'],
  })
    .requiredOption('--out <directory>', text('enroll.out'))
    .option('-y, --yes', text('enroll.yes'))
    .action(async (options: { out: string; yes?: boolean }) => {
      const { url, token } = cli.options
      if (token === undefined) throw usage(text('enroll.noToken'))
      const address = url ?? cli.environment['MILLWRIGHT_URL']
      if (address === undefined) throw usage(text('enroll.noUrl'))
      const exists = await access(join(options.out, 'device.pem')).then(
        () => true,
        () => false,
      )
      if (exists) await cli.confirm(text('enroll.replaceQuestion', { directory: options.out }), options.yes)
      const platform = parseAddress(address)
      platform.protocol = 'https:'
      const { enrol } = await import('@millwright/sdk/device')
      const identity = await enrol({ url: platform.origin, token, directory: options.out })
      const { device, tenant, notAfter, mqtt } = identity
      if (cli.out.json) return cli.out.value({ device, tenant, notAfter, mqtt, directory: options.out })
      cli.out.note(text('enroll.done', { device, directory: options.out, until: cli.out.time(notAfter) }))
      cli.out.note(text('enroll.try'))
      cli.out.line(publishLine(options.out, mqtt))
    })
}

/** A line for the shell that sends one reading with the new identity. */
export function publishLine(directory: string, mqtt: { host: string; port: number }): string {
  const file = (name: string) => quoted(join(directory, name))
  return [
    'mosquitto_pub',
    `--cafile ${file('authority.pem')} --cert ${file('device.pem')} --key ${file('device.pem')}`,
    `-h ${quoted(mqtt.host)} -p ${mqtt.port} -q 1 -t mw/v1/telemetry -m '{"values":{"temperature":21.5}}'`,
  ].join(' ')
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
