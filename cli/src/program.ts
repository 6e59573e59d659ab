import { Command } from 'commander'
import { resolveRunArguments } from './api/find-run.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExport, addFewShot } from './commands/export.ts'
import { addFailures } from './commands/failures.ts'
import { addMcp } from './commands/mcp.ts'
import { addReport } from './commands/report.ts'
import { addRunsCompare } from './commands/runs-compare.ts'
import { addRunsControl } from './commands/runs-control.ts'
import { addRunsList } from './commands/runs-list.ts'
import { addRunsResume } from './commands/runs-resume.ts'
import { addRunsShow } from './commands/runs-show.ts'
import { addTail } from './commands/tail.ts'
import type { Terminal } from './terminal.ts'
import { VERSION } from './version.ts'

const AFTER = `
Exit codes: 0 fine, 1 failed, 2 wrong use, 3 not found, 4 the collector can't be reached.
Environment: CAIRN_URL, CAIRN_API_KEY; in a repository with a running \`npm start\` neither is needed.`

export function makeProgram(terminal: Terminal): Command {
  const program = new Command('cairn')
    .description('Runs of your agents: look, resume, fork, follow, report.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--url <url>', 'address of the collector (CAIRN_URL)')
    .option('--key <key>', 'API key of the project (CAIRN_API_KEY; seen by others in the list of processes)')
    .option('--json', 'for programs: one JSON document, or a line each where it streams')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', AFTER)
    .showHelpAfterError('(cairn --help, or cairn COMMAND --help, says more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
  program.hook('preAction', resolveRunArguments(terminal))
  const runs = program.command('runs').description('list, look at and command runs')
  addRunsList(runs, terminal)
  addRunsShow(runs, terminal)
  addRunsResume(runs, terminal)
  addRunsControl(runs, terminal)
  addRunsCompare(runs, terminal)
  addTail(program, terminal)
  addFailures(program, terminal)
  addReport(program, terminal)
  addExport(program, terminal)
  addFewShot(program, terminal)
  addDoctor(program, terminal)
  addMcp(program, terminal)
  return program
}
