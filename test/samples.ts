import { SHARING } from '../src/defender/files/file.ts';
import { createEmulator, type Emulator } from '../src/emulator/emulator.ts';
import { createAuth } from '../src/http/auth.ts';
import { createClient, type ReadApi } from '../src/http/client.ts';
import { compose } from '../src/http/layers.ts';
import { createSender } from '../src/http/send.ts';
import { createRoutes } from '../src/http/undocumented_routes.ts';
import { ALERT_FAMILIES } from '../src/resources/alert_families.ts';
import type { Tool, WriteTool } from '../src/tool/tool.ts';
import { tools } from './fixture.ts';

function isWrite(tool: Tool): tool is WriteTool {
  return tool.effect !== 'read';
}

/** Every tool that changes something, as rows for `describe.each`. */
export const WRITES = tools.filter(isWrite).map((tool) => [tool.name, tool] as const);

export type Args = Readonly<Record<string, unknown>>;
type State = Emulator['state'];

/** Values of an argument by its name, where the name does not say in which records they stand. */
const VALUES: Readonly<Record<string, (state: State) => readonly unknown[]>> = {
  alert_ids: ({ alerts }) => [
    openIds(alerts, 2),
    idsWhere(alerts, 2, ({ resolutionStatusValue }) => resolutionStatusValue > 0),
    idsWhere(alerts, 2, ({ statusValue }) => statusValue > 0),
  ],
  user: ({ entities }) => entities.flatMap(({ type, id }) => (type === 2 ? id : [])),
  user_id: ({ entities }) => entities.flatMap(({ type, id }) => (type === 2 ? id : [])),
  owner: ({ entities }) => entities.flatMap(({ type, id }) => (type === 2 ? id : [])),
  ip: ({ activities }) => activities.map(({ device }) => device.clientIP),
  subnets: () => [['192.0.2.128/28']],
  sharing: ({ files }) => files.slice(0, 1).map(({ fileAccessLevel: [level] }) => [SHARING[level]]),
  family: () => ALERT_FAMILIES.map(({ id }) => id),
};

/** True for an argument that names what the demo tenant has, by the table above. */
export function hasValues(argument: string): boolean {
  return Object.hasOwn(VALUES, argument);
}

/**
 * What the demo tenant has for an argument: the ids of its policies for `policy_id`. A tool is given the first; a tool
 * that changes something is given the first that it changes something with.
 */
export function valuesFor(argument: string, state: State): readonly unknown[] {
  const given = VALUES[argument]?.(state);
  if (given) return given;
  const [, what = ''] = /^(\w+)_ids?$/u.exec(argument) ?? [];
  const names = [`${what}s`, what.replace(/y$/u, 'ies')];
  const ids = Object.entries(state).flatMap(([name, records]) => (names.includes(name) ? records.map(recordId) : []));
  return argument.endsWith('s') && ids.length > 0 ? [ids.slice(0, 2)] : ids;
}

/** What a record is found by. */
export function recordId(record: object): string | number {
  if ('_id' in record) return String(record._id);
  return 'appId' in record ? Number(record.appId) : '';
}

export function openIds(alerts: readonly { _id: string; resolutionStatusValue: number }[], count: number): string[] {
  return idsWhere(alerts, count, ({ resolutionStatusValue }) => resolutionStatusValue === 0);
}

function idsWhere<T extends { _id: string }>(records: readonly T[], count: number, isMeant: (record: T) => boolean) {
  return records
    .filter(isMeant)
    .slice(0, count)
    .map(({ _id }) => _id);
}

/** Arguments that work in the demo tenant, by tool; for a write, arguments that change something. */
const ARGS: ReadonlyMap<string, Args> = await chooseArgs();

export function argsFor(name: string): Args {
  const args = ARGS.get(name);
  if (!args) throw new Error(`tools/index.ts has no line for the tool ${name}.`);
  return args;
}

/** The ids of the items that `argsFor` lets a write change, as text. */
export function idsFor(tool: WriteTool): string[] {
  return [argsFor(tool.name)[tool.targets]].flat().map(String);
}

async function chooseArgs(): Promise<Map<string, Args>> {
  const emulator = await createEmulator({ callsPerMinute: 0 });
  const sender = createSender({ origin: emulator.url, timeoutMs: 10_000, proxy: false });
  try {
    const auth = createAuth(async () => ({ scheme: 'Token', secret: emulator.token }));
    const client = createClient({ origin: emulator.url, send: compose([auth], sender.send), routes: createRoutes() });
    const api = client.reader({ signal: new AbortController().signal, progress: () => {} });
    const chosen = new Map<string, Args>();
    for (const tool of tools) {
      const args = sampled(tool, emulator.state);
      chosen.set(tool.name, isWrite(tool) ? await changing(tool, args, emulator.state, api) : args);
    }
    return chosen;
  } finally {
    await sender.close();
    await emulator.close();
  }
}

/** The tool's example, with a value of the tenant for each argument in VALUES. */
function sampled(tool: Tool, state: State): Args {
  return Object.fromEntries(
    Object.entries(tool.example).map(([name, value]) => [name, valuesFor(name, state)[0] ?? value]),
  );
}

async function changing(tool: WriteTool, args: Args, state: State, api: ReadApi): Promise<Args> {
  const candidates = valuesFor(tool.targets, state);
  for (const candidate of candidates.length > 0 ? candidates : [args[tool.targets]]) {
    const tried = { ...args, [tool.targets]: candidate };
    const { targets } = await tool.plan(tool.input.parse(tried), api);
    if (targets.length > 0) return tried;
  }
  throw new Error(`${tool.name} changes nothing with any ${tool.targets} of VALUES in test/samples.ts: add one there.`);
}
