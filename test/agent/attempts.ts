import { type Fixture, textOf } from '../fixture.ts';

/** A call of a tool. */
export interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * Makes the second call from the first one and the text that answered it. What the text must say is checked; beyond it
 * a script knows what the model wants, such as the name of a user, and nothing of our tools.
 * @throws Error if the text does not say what to do
 */
export type Second = (text: string, first: Call, fixture: Fixture) => Promise<Call> | Call;

function assertSays(text: string, what: string | RegExp): void {
  const isThere = typeof what === 'string' ? text.includes(what) : what.test(text);
  if (!isThere) throw new Error(`the text does not say ${what}`);
}

const withArgs = ({ name, args }: Call, more: Call['args']): Call => ({ name, args: { ...args, ...more } });

function without({ name, args }: Call, ...names: readonly string[]): Call {
  return { name, args: Object.fromEntries(Object.entries(args).filter(([key]) => !names.includes(key))) };
}

/** Takes one of the words that the text lists for an argument. */
export const word =
  (argument: string, wanted: string): Second =>
  (text, first) => {
    assertSays(text, `${argument}`);
    assertSays(text, new RegExp(`expected one of .*"${wanted}"`));
    return withArgs(first, { [argument]: Array.isArray(first.args[argument]) ? [wanted] : wanted });
  };

/** Takes a span in the form that the text shows for a time. */
export const span =
  (argument: string, wanted: string): Second =>
  (text, first) => {
    assertSays(text, `${argument}: `);
    assertSays(text, new RegExp(`a span back from now such as .*\\d${wanted.slice(-1)}\\b`));
    return withArgs(first, { [argument]: wanted });
  };

/** Gives a known value to an argument whose form the text tells. */
export const give =
  (argument: string, form: RegExp, value: unknown): Second =>
  (text, first) => {
    assertSays(text, argument);
    assertSays(text, form);
    return withArgs(first, { [argument]: value });
  };

/** Takes the bound that the text tells. */
export const bound =
  (argument: string): Second =>
  (text, first) => {
    const [, most] = new RegExp(`${argument}: .*<=(\\d+)`).exec(text) ?? [];
    if (most === undefined) throw new Error('the text tells no bound');
    return withArgs(first, { [argument]: Number(most) });
  };

/** Renames an argument as the text proposes, or to the only one that there is. */
export const rename =
  (argument: string, toValue: (value: unknown) => unknown = (value) => value): Second =>
  (text, first) => {
    const [, proposed] = new RegExp(`"${argument}"; did you mean (\\w+)\\?`).exec(text) ?? [];
    const [, only] = /Arguments of \w+: (\w+)\./.exec(text) ?? [];
    const name = proposed ?? only;
    if (name === undefined) throw new Error('the text proposes no name');
    return withArgs(without(first, argument), { [name]: toValue(first.args[argument]) });
  };

/** Says the same by another argument of those that the text lists. */
export const instead =
  (argument: string, listed: string, value: unknown): Second =>
  (text, first) => {
    assertSays(text, `Unknown argument "${argument}"`);
    assertSays(text, new RegExp(`Arguments of .*\\b${listed}\\b`));
    return withArgs(without(first, argument), { [listed]: value });
  };

/** Leaves an argument out, as the text says or because the text does not know it. */
export const drop =
  (argument: string): Second =>
  (text, first) => {
    assertSays(text, new RegExp(`Unknown argument "${argument}"|${argument}: .*Leave it out|Leave ${argument} out`));
    return without(first, argument);
  };

/** Swaps two arguments, as the text says. */
export const swap =
  (one: string, other: string): Second =>
  (text, first) => {
    assertSays(text, /swap them/);
    return withArgs(first, { [one]: first.args[other], [other]: first.args[one] });
  };

/** How an id is read from the line of an answer that has a known name. */
const IDS = {
  guid: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/,
  hex: /\b[0-9a-f]{24}\b/,
  number: /^\d{2,}\b/,
  file: /^\S+/,
  activity: /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-[\da-z]{2}\b/,
} as const;

/**
 * Finds the right id with a tool that the text names, in the line of its answer that has a known name.
 * @param how the arguments that the model has for each tool that it may be sent to
 */
export const find =
  (argument: string, kind: keyof typeof IDS, known: string, how: Readonly<Record<string, Call['args']>>): Second =>
  async (text, first, fixture) => {
    const named = (text.match(/mdca_[a-z_]+/g) ?? []).filter((name) => name !== first.name);
    const tool = named.find((name) => Object.hasOwn(how, name));
    if (tool === undefined) throw new Error(`the text names none of ${Object.keys(how).join(', ')}`);
    const answer = textOf(await fixture.call(tool, { ...how[tool] }));
    const id = answer
      .split('\n')
      .filter((line) => line.includes(known))
      .flatMap((line) => IDS[kind].exec(line) ?? [])[0];
    if (id === undefined) throw new Error(`${tool} shows no id beside ${known}: ${answer}`);
    const value = kind === 'number' ? Number(id) : id;
    return withArgs(first, { [argument]: argument.endsWith('s') ? [value] : value });
  };
