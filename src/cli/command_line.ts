import { parseArgs } from 'node:util';
import type { Checked } from '../config/config.ts';
import { flagOf, settings } from '../config/settings.ts';
import { didYouMean, unknownInput } from '../core/suggest.ts';

const COMMANDS = ['serve', 'setup', 'emulator', 'check', 'verify-audit'] as const;

/** Flags that one command alone takes. */
const FLAGS_OF: ReadonlyMap<string, CommandLine['command']> = new Map([
  ['port', 'emulator'],
  ['client', 'setup'],
  ['print', 'setup'],
  ['yes', 'setup'],
]);

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
  /** The client to set up; empty if it is not given. */
  readonly client: string;
  /** Whether `setup` only prints. */
  readonly print: boolean;
  /** Whether `setup` writes without a question. */
  readonly yes: boolean;
  /** The audit trail to verify; empty for other commands. */
  readonly file: string;
}

/** @param argv without node and script. Problems never quote a value, because it may be a secret given by mistake. */
export function readCommandLine(argv: readonly string[]): Checked<CommandLine> {
  const own = settings.map(flagOf).filter(Boolean);
  const valued = Object.fromEntries([...own, 'port', 'client'].map((flag) => [flag, { type: 'string' } as const]));
  const switches = { demo: SWITCH, print: SWITCH, yes: SWITCH };
  const options = { ...valued, ...switches, help: { ...SWITCH, short: 'h' }, version: { ...SWITCH, short: 'v' } };
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const flags = tokens.filter((token) => token.kind === 'option');
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const given = new Map(flags.map(({ name, value }) => [name, value]));
  const command = COMMANDS.find((name) => name === (words[0] ?? 'serve'));
  const operands = words.slice(1);
  const port = Number(given.get('port') ?? 0);
  const problems = [
    ...new Set(flags.flatMap((flag) => flagProblem(flag, argv, Object.keys(valued), Object.keys(options)))),
    ...(command === undefined ? [`Unknown command${didYouMean(words[0] ?? '', COMMANDS)}`] : []),
    ...operandProblem(command, operands),
    ...flags.flatMap(({ name }) => misplacedFlag(name, command)),
    ...(Number.isInteger(port) && port >= 0 && port <= 65_535 ? [] : ['--port must be a number from 0 to 65535.']),
  ];
  if (command === undefined || problems.length > 0) return { problems };
  return {
    value: {
      command,
      port,
      file: operands[0] ?? '',
      client: given.get('client') ?? '',
      demo: given.has('demo'),
      print: given.has('print'),
      yes: given.has('yes'),
      help: given.has('help'),
      version: given.has('version'),
      flags: Object.fromEntries(own.map((flag) => [flag, given.get(flag)])),
    },
  };
}

function operandProblem(command: CommandLine['command'] | undefined, { length }: readonly string[]): string[] {
  if (command === 'verify-audit') return length === 1 ? [] : ['verify-audit takes one file.'];
  return length === 0 ? [] : ['There is one command at most.'];
}

function misplacedFlag(name: string, command: CommandLine['command'] | undefined): string[] {
  const owner = FLAGS_OF.get(name);
  if (owner === undefined || owner === command) return [];
  const instead = name === 'port' && command === 'serve' ? '; --http 8080 serves over HTTP' : '';
  return [`--${name} belongs to the command ${owner}${instead}.`];
}

interface Flag {
  readonly name: string;
  /** Of the argument that holds it; several short flags can share one. */
  readonly index: number;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function flagProblem(
  { name, index, value, inlineValue }: Flag,
  argv: readonly string[],
  valued: readonly string[],
  known: readonly string[],
): string[] {
  if (!known.includes(name)) {
    // Not the parser's name: it takes `-pSECRET` for seven flags of one letter each.
    const written = argv[index]?.replace(/=.*$/s, '') ?? '';
    return [
      unknownInput(
        'flag',
        written,
        known.map((each) => `--${each}`),
        `argument ${index + 1}`,
      ),
    ];
  }
  if (!valued.includes(name)) return value === undefined ? [] : [`--${name} takes no value.`];
  // The parser takes a following flag as the value.
  const isFlag = value?.startsWith('-') === true && inlineValue !== true;
  return value === undefined || value === '' || isFlag ? [`--${name} needs a value.`] : [];
}
