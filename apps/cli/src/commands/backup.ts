import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command } from '../command.ts'
import { CliError, EXIT, usage } from '../errors.ts'
import { streamTo } from '../output/file-sink.ts'
import { shownBytes } from '../output/values.ts'
import { text } from '../texts/text.ts'

export function backupCommands(program: Command, cli: Cli): void {
  command(program, 'backup <file>', {
    text: 'files.backup',
    examples: ['backup millwright-backup.tar', 'backup - | ssh vault "cat > millwright.tar"'],
  })
    .option('-y, --yes', text('files.replace'))
    .action(async (file: string, options: { yes?: boolean }) => {
      const signal = cli.interruptible()
      const { client } = await cli.connectPatiently()
      const target = { file, replace: options.yes === true, binary: true, signal }
      const bytes = await streamTo(() => client.backup({ signal }), target, cli.out)
      if (file !== '-') cli.out.note(text('files.backedUp', { file, bytes: shownBytes(bytes) }))
    })

  command(program, 'restore <file>', {
    text: 'files.restore',
    examples: ['restore millwright-backup.tar --data ./millwright-data'],
  }).action((file: string) => restoreBackup(cli, file))
}

/** Works on files alone, without a platform: it is what remains when there is none. */
async function restoreBackup(cli: Cli, file: string): Promise<void> {
  const { data } = cli.options
  if (data === undefined) throw usage(text('files.noData'))
  const signal = cli.interruptible()
  // The engines are large: only this command loads them.
  const { restore } = await import('@millwright/storage')
  cli.out.note(text('files.restoring', { file, directory: data }))
  const restored = await restore(file, data)
  // Interrupted in between, the restore came to its end all the same: a half one is never left.
  if (signal.aborted) throw new CliError(EXIT.interrupted, text('files.restoredAnyway', { directory: data }))
  if (cli.out.json) return cli.out.value(restored)
  const rows = Object.values(restored.rows).reduce((sum, count) => sum + count, 0)
  cli.out.line(text('files.restored', { directory: restored.directory, rows, files: restored.files }))
  if (!restored.telemetry) cli.out.note(text('files.noTelemetry'))
  cli.out.note(text('files.startOn', { directory: data }))
}
