import { Console } from 'node:console';
import process from 'node:process';
import type { Checked } from '../config/config.ts';
import { createLog } from '../core/log.ts';

/** Exit code of a start that the configuration does not allow. */
export const MISCONFIGURED = 2;

let opened: typeof process.stderr | undefined;

/** Opened when there is something to say, as a start would wait for it; nobody may be there to read it. */
function stderr(): typeof process.stderr {
  opened ??= process.stderr.on('error', () => {});
  return opened;
}

export function writeLine(line: string): void {
  stderr().write(`${line}\n`);
}

/** For what happens before the settings have been read, or beside every call. */
export const processLog = createLog('info', writeLine);

/** stdout belongs to the protocol: whatever prints by habit goes to stderr, and Node's warnings become JSON lines. */
export function keepStdoutClean(): void {
  let printer: Console | undefined;
  Object.defineProperty(globalThis, 'console', {
    get: () => {
      printer ??= new Console(stderr(), stderr());
      return printer;
    },
  });
  process.removeAllListeners('warning');
  process.on('warning', (warning) => processLog.warn('warning', { error: warning }));
  process.on('uncaughtException', (error) => {
    processLog.error('defect', { error });
    process.exit(1);
  });
}

/** The value, or what is wrong on stderr and the exit: as text for a person at a terminal, else as one JSON line. */
export function orExit<T>(checked: Checked<T>, what: string): T {
  if ('value' in checked) return checked.value;
  const { problems } = checked;
  if (stderr().isTTY) {
    writeLine(
      [`${what}:`, ...problems.map((problem) => `  - ${problem}`), 'See defender-cloud-apps-mcp --help'].join('\n'),
    );
  } else {
    processLog.error(`${what}. ${problems.join(' ')}`, { help: 'defender-cloud-apps-mcp --help' });
  }
  process.exit(MISCONFIGURED);
}
