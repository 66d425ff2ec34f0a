import process from 'node:process';
import { parseArgs } from 'node:util';

/** The sections that `--only` can name, in the order of the page. */
export const SECTIONS = ['start', 'calls', 'memory', 'http', 'paging', 'budget', 'tokens', 'answers', 'agent'] as const;

export const HELP = `npm run bench -- [options]

  --only NAMES   only these, separated by commas: ${SECTIONS.join(', ')}
  --quick        few repetitions, under two minutes; leaves out budget unless --only names it
  --node PATH    starts the servers with this Node; may be given again for another column; default: this one
  --write        writes docs/benchmarks.* also after --only or --quick; a full run always does
  --help         prints this

Figures go to stdout, progress to stderr.
`;

export interface Options {
  readonly help: boolean;
  readonly quick: boolean;
  readonly write: boolean;
  readonly nodes: readonly string[];
  /** Whether a section is asked for. */
  readonly wants: (section: string) => boolean;
  readonly isFull: boolean;
}

/** @throws Error that names what cannot be understood */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      only: { type: 'string' },
      node: { type: 'string', multiple: true, default: [process.execPath] },
    },
  });
  const { help, quick, write, only, node } = values;
  const named = only?.split(',').map((name) => name.trim());
  const unknown = named?.filter((name) => !SECTIONS.some((section) => section === name)) ?? [];
  if (unknown.length > 0) throw new Error(`--only: no ${unknown.join(', ')}; there are ${SECTIONS.join(', ')}`);
  const isFull = !quick && named === undefined;
  return {
    help,
    quick,
    nodes: node,
    isFull,
    write: write || isFull,
    wants: (section) => named?.includes(section) ?? !(quick && section === 'budget'),
  };
}
