import { Console } from 'node:console';
import process from 'node:process';
import { createLog } from '../core/log.ts';

/** Exit code of a start that the command line or the configuration does not allow. */
export const MISCONFIGURED = 2;

/** How much may wait for a client that does not read stderr, in bytes. Lines beyond that are lost. */
const MAX_UNREAD = 1024 * 1024;

/** Writes one line. stderr is opened with the first one, because opening it costs a start some milliseconds. */
export const writeLine: (line: string) => void = createLineWriter();

/** For what happens before the settings have been read, and for defects outside of a call. */
export const processLog = createLog('info', writeLine);

function createLineWriter() {
  let stderr: typeof process.stderr | undefined;
  return (line: string) => {
    // Nobody may be there to read it: without a listener, that error would end the process.
    stderr ??= process.stderr.on('error', () => {});
    if (stderr.writableLength < MAX_UNREAD) stderr.write(`${line}\n`);
  };
}

/** Keeps stdout for the protocol: `console` prints to stderr, and Node's warnings become JSON lines there. */
export function keepStdoutClean(): void {
  let printer: Console | undefined;
  Object.defineProperty(globalThis, 'console', {
    get: () => {
      printer ??= new Console(process.stderr, process.stderr);
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
