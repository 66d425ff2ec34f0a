import { parseArgs } from 'node:util';
import { z } from 'zod';
import { unknownName } from '../suggest.ts';
import { type Checked, flagOf } from './config.ts';
import { Settings } from './settings.ts';

const COMMANDS = ['serve', 'emulator', 'check'] as const;

const SWITCH = { type: 'boolean' } as const;

/** What the command line asks for. */
export interface CommandLine {
  readonly command: (typeof COMMANDS)[number];
  readonly demo: boolean;
  readonly help: boolean;
  readonly version: boolean;
  /** Values of settings given as flags, by flag name. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Port of the emulator; 0 = any free one. */
  readonly port: number;
}

/** One row of the help and of the README's table. */
export interface SettingRow {
  readonly name: string;
  /** Empty for a secret, which has no flag. */
  readonly flag: string;
  readonly fallback: string;
  readonly description: string;
}

export function settingRows(): SettingRow[] {
  const { properties = {} } = z.toJSONSchema(Settings, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => {
    const facts = typeof schema === 'object' ? schema : {};
    const flag = facts.secret === true ? '' : `--${flagOf(name)}`;
    return { name, flag, fallback: String(facts.default ?? ''), description: facts.description ?? '' };
  });
}

const settingFlags = () => settingRows().flatMap(({ flag }) => (flag === '' ? [] : [flag.slice(2)]));

/** @param argv without node and script */
export function readCommandLine(argv: readonly string[]): Checked<CommandLine> {
  const flags = settingFlags();
  const valued = Object.fromEntries([...flags, 'port'].map((flag) => [flag, { type: 'string' } as const]));
  const options = { ...valued, demo: SWITCH, help: { ...SWITCH, short: 'h' }, version: { ...SWITCH, short: 'v' } };
  const { values, positionals } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true });
  const given = new Map(Object.entries(values));
  const [word = 'serve', ...rest] = positionals;
  const command = COMMANDS.find((name) => name === word);
  const port = Number(given.get('port') ?? 0);
  const problems = [
    ...unknownFlags([...given.keys()], Object.keys(options)),
    ...Object.keys(valued).flatMap((flag) => (given.get(flag) === true ? [`--${flag} needs a value.`] : [])),
    ...(command === undefined ? [unknownName('command', word, COMMANDS)] : []),
    ...(rest.length > 0 ? ['There is one command at most.'] : []),
    ...(Number.isInteger(port) && port >= 0 && port <= 65_535 ? [] : ['--port must be a number from 0 to 65535.']),
  ];
  if (command === undefined || problems.length > 0) return { problems };
  const isOn = (flag: string) => given.get(flag) === true;
  return {
    value: {
      command,
      port,
      demo: isOn('demo'),
      help: isOn('help'),
      version: isOn('version'),
      flags: Object.fromEntries(flags.map((flag) => [flag, given.get(flag)?.toString()])),
    },
  };
}

function unknownFlags(given: readonly string[], known: readonly string[]): string[] {
  const names = known.map((name) => `--${name}`);
  return given.filter((flag) => !known.includes(flag)).map((flag) => unknownName('flag', `--${flag}`, names));
}
