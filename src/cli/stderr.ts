import { Console } from 'node:console';
import process from 'node:process';
import { Writable } from 'node:stream';
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

/** Of what a library prints, in characters. */
const MAX_PRINTED = 300;

/** Keeps stdout for the protocol: what a library prints, and Node's warnings, become JSON lines on stderr. */
export function keepStdoutClean(): void {
  let printer: Console | undefined;
  Object.defineProperty(globalThis, 'console', {
    get: () => {
      printer ??= new Console(new Writable({ write: logPrinted }));
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

/** The first line of it: the others are a stack. */
function logPrinted(chunk: Buffer, _encoding: string, done: () => void): void {
  const [text = ''] = String(chunk).split('\n', 1);
  processLog.warn('a library has printed', { text: text.slice(0, MAX_PRINTED) });
  done();
}
