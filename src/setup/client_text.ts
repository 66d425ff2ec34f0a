import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type JSONPath, modify, type ParseError, parse } from 'jsonc-parser';
import type { Checked } from '../config/config.ts';
import { type Client, entryOf, type Launch } from './clients.ts';

/** The text of a client's file with this server in it. */
export interface ClientText {
  readonly text: string;
  /** Names of the server's former environment, and its former flags, that stay. */
  readonly kept: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Either one holds the token; the server does not start with both. */
const REPLACED = ['MDCA_API_TOKEN', 'MDCA_API_TOKEN_FILE'];

/**
 * Puts a server into the text of a client's file, and leaves everything else as it is: other members, comments, and
 * what a person has set for the same server, because it may restrict what agents can do.
 * @param text empty for a file that is not there
 * @returns problems as the rest of a sentence that begins with the file's path
 */
export function withServer(text: string, client: Client, name: string, launch: Launch): Checked<ClientText> {
  const { holder, comments } = client;
  const body = text.replace(/^\uFEFF/, '');
  const before = parsed(body.trim() === '' ? '{}' : body, comments);
  if (!isFields(before)) return { problems: ['does not hold a JSON object'] };
  const servers = before[holder] ?? {};
  if (!isFields(servers)) return { problems: [`has a member "${holder}" that is no object`] };
  const former = formerOf(servers[name] ?? {});
  if (!former) return { problems: [`starts "${name}" in another way; take that entry out, and run setup again`] };
  const { entry, env, flags } = former;
  const fresh = entryOf(client, {
    command: launch.command,
    args: [...launch.args, ...flags.filter((flag) => !launch.args.includes(flag))],
    env: { ...env, ...launch.env },
  });
  const members = Object.entries(fresh).map(([key, value]): [JSONPath, unknown] => [[holder, name, key], value]);
  const edited = edit(body, members);
  const expected = { ...before, [holder]: { ...servers, [name]: { ...entry, ...fresh } } };
  // A name that stands twice in the text would be changed where the client does not read it.
  if (!isDeepStrictEqual(parsed(edited, comments), expected)) return { problems: ['has a name twice'] };
  const stays = Object.keys(env).filter((key) => !(key in launch.env));
  return { value: { text: text.startsWith('\uFEFF') ? `\uFEFF${edited}` : edited, kept: [...stays, ...flags] } };
}

/** Undefined if it is no JSON. */
function parsed(text: string, comments: boolean): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: !comments, allowTrailingComma: comments });
  return errors.length > 0 ? undefined : value;
}

/** What stands for the server so far; undefined if it is started in a way that `setup` does not know. */
function formerOf(entry: unknown): { entry: Fields; env: Fields; flags: readonly string[] } | undefined {
  if (!isFields(entry) || 'url' in entry) return undefined;
  const { args = [], env = {} } = entry;
  if (!Array.isArray(args) || !isFields(env)) return undefined;
  const [script, ...flags] = args.map(String);
  if (script !== undefined && !script.endsWith('main.js')) return undefined;
  const stays = Object.entries(env).filter(([key]) => !REPLACED.includes(key));
  return { entry, env: Object.fromEntries(stays), flags };
}

/** Sets members one after the other, indented as the text is. */
function edit(text: string, members: readonly (readonly [JSONPath, unknown])[]): string {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const edited = members.reduce(
    (done, [path, value]) => applyEdits(done, modify(done, path, value, { formattingOptions })),
    text.trim() === '' ? '{}' : text,
  );
  return edited.endsWith('\n') ? edited : `${edited}${formattingOptions.eol}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
