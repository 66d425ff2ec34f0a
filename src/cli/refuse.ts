import process from 'node:process';
import type { Checked } from '../config/config.ts';
import { MISCONFIGURED, processLog, writeLine } from './stderr.ts';

const HELP = 'defender-cloud-apps-mcp --help';

/** The value; or the problems on stderr, and the end of the process. */
export function orExit<T>(checked: Checked<T>, what: string): T {
  if ('value' in checked) return checked.value;
  sayProblems(what, checked.problems);
  process.exit(MISCONFIGURED);
}

/** Says why a command does not run: in text to a person at a terminal, else as one JSON line. */
export function sayProblems(what: string, problems: readonly string[]): void {
  if (process.stderr.isTTY) writeLine(problemText(what, problems));
  else processLog.error(`${what}. ${problems.join(' ')}`, { help: HELP });
}

/** One problem a line. */
export function problemText(what: string, problems: readonly string[]): string {
  return [`${what}:`, ...problems.map((problem) => `  - ${problem}`), `Help: ${HELP}`].join('\n');
}
