import { readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import process from 'node:process';
import type { Checked, Sources } from '../config/config.ts';
import type { Machine } from '../setup/clients.ts';
import { nodeCommand } from '../setup/launch.ts';
import { type SetupOptions, setup } from '../setup/setup.ts';
import { createTerminal, PersonLeft } from '../setup/terminal.ts';
import type { CommandLine } from './command_line.ts';

/** Sets up a client of this machine, with the person at its terminal if there is one. @returns as `setup` */
export async function setUpThisMachine(
  { client, print, yes, demo }: CommandLine,
  sources: Sources,
  check: SetupOptions['check'],
): Promise<Checked<number>> {
  const machine = thisMachine();
  if (!machine) return { problems: ['The home folder of this user cannot be found: set HOME.'] };
  const { stdin, stdout, stderr, argv, env, execPath } = process;
  const script = realpathSync(argv[1] ?? '');
  const say = (text: string) => void stderr.write(text);
  // The block alone may go into a file or a pipe, so questions are asked on stderr.
  const terminal = stdin.isTTY && stderr.isTTY ? createTerminal(stdin, stderr) : undefined;
  try {
    return await setup({
      ...{ client, printOnly: print, yes, demo, sources, machine, terminal, check, say },
      start: { node: nodeCommand(execPath, env.PATH ?? ''), script },
      print: (text) => void stdout.write(text),
    });
  } catch (error) {
    if (!(error instanceof PersonLeft)) throw error;
    say('\nNothing was written.\n');
    terminal?.close();
    // A call to the tenant may still be open.
    return process.exit(1);
  } finally {
    terminal?.close();
  }
}

/** Undefined if the home folder is not known: files would be written wherever the process happens to run. */
function thisMachine(): Machine | undefined {
  const { platform, env: environment } = process;
  const home = homeOf();
  return isAbsolute(home) ? { platform, home, environment, namesIn } : undefined;
}

function homeOf(): string {
  try {
    return homedir();
  } catch {
    // This user has no entry in the system's list of users.
    return '';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
