import { isRecord, leavesOf } from './json.ts';
import type { Reply } from './surfaces.ts';
import { activeContentIn, bareIn, forgedIn, unquotedIn } from './unchanged.ts';

/** What was found wrong, by what is wrong about it. */
export interface Findings {
  /** Invisible, a link, HTML or a fence. */
  readonly active: string[];
  /** A line or a value of the server's own that is another, more or less than for harmless text. */
  readonly forged: string[];
  /** Not in quotes behind the facts of a plan. */
  readonly unquoted: string[];
  /** Could pass for another fact of its line. */
  readonly bare: string[];
  /** How many texts have been looked at. */
  texts: number;
}

export interface Judged {
  readonly where: string;
  /** The replies for harmless text. */
  readonly harmless: readonly Reply[];
  readonly replies: readonly Reply[];
  /** Of the tenant. */
  readonly origin: string;
}

export function judge({ where, harmless, replies, origin }: Judged, found: Findings): void {
  const at = (problems: readonly string[]) => problems.map((problem) => `${where}: ${problem}`);
  if (replies.length !== harmless.length) found.forged.push(`${where}: ${replies.length} replies`);
  for (const [n, reply] of replies.entries()) {
    const expected = harmless[n] ?? { text: '' };
    const texts = textsIn(reply);
    found.texts += texts.length;
    found.active.push(...at(texts.flatMap((one) => activeContentIn(one, origin))));
    found.forged.push(...at(forgedIn(expected.text, reply.text)));
    found.bare.push(...at(bareIn(expected.text, reply.text)));
    if (withoutTexts(reply) !== withoutTexts(expected))
      found.forged.push(`${where}: the value has other numbers, flags or members`);
    for (const { text, plan } of plansOf(reply, expected)) found.unquoted.push(...at(unquotedIn(plan, text)));
  }
}

function textsIn({ text, value }: Reply) {
  const leaves = leavesOf(value).map((leaf) => ({ where: leaf.path, text: leaf.text, hasLines: leaf.path === 'plan' }));
  return [{ where: 'text', text, hasLines: true }, ...leaves];
}

/** Plans stand in a question, and in the answer to one who cannot be asked. */
function plansOf(reply: Reply, expected: Reply): { text: string; plan: string }[] {
  const [given, harmless] = [reply, expected].map(({ value }) => (isRecord(value) ? value.plan : undefined));
  const inValue = typeof harmless === 'string' ? [{ text: String(given), plan: harmless }] : [];
  return expected.text.startsWith('Type "') ? [...inValue, { text: reply.text, plan: expected.text }] : inValue;
}

/** A value without its texts: how many there are of what, numbers and flags. */
function withoutTexts({ value }: Reply): string {
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'string' ? undefined : member)) ?? '';
}
