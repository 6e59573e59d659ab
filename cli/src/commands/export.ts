import { type Command, Option } from 'commander'
import { contextOf } from '../context.ts'
import { addFilterOptions, type FilterOptions, parseCount, toRunFilter } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { download } from './download.ts'

interface FileOptions {
  readonly out?: string
  readonly force?: boolean
}

const addFileOptions = (command: Command) =>
  command.option('-o, --out <file>', 'into this file instead of stdout').option('--force', 'replace the file')

export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command('export')
    .description('runs of a filter, to a file or stdout')
    .addOption(new Option('--format <format>', 'how').choices(['jsonl', 'csv', 'parquet']).default('jsonl'))
  addFileOptions(addFilterOptions(command)).action(async (options: FilterOptions & FileOptions & { format: string }, self: Command) => {
    const context = contextOf(terminal, self)
    const query = { ...toRunFilter(options, context.out.now), format: options.format }
    await download(context, '/api/v1/runs/export', query, { file: options.out, force: options.force, binary: options.format === 'parquet' })
  })
}

export function addFewShot(program: Command, terminal: Terminal): void {
  const fewShot = program.command('few-shot').description('sets of good examples')
  const command = fewShot
    .command('export')
    .description('a set, ready for a provider or a spreadsheet')
    .argument('<set>', 'name of the set')
    .addOption(new Option('--format <format>', 'for whom').choices(['openai', 'anthropic', 'jsonl', 'csv']).default('jsonl'))
    .option('--set-version <n>', 'an earlier version of the set', parseCount)
  addFileOptions(command).action(async (set: string, options: FileOptions & { format: string; setVersion?: number }, self: Command) => {
    const query = { format: options.format, version: options.setVersion }
    const path = `/api/v1/few-shot/${encodeURIComponent(set)}/export`
    await download(contextOf(terminal, self), path, query, { file: options.out, force: options.force })
  })
}
