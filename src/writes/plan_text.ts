import { sanitize } from '../text/sanitize.ts';
import type { LeftOut, Plan, Target, UntrustedText } from '../tool/plan.ts';

/** The longest comment that a tool takes: a person must be able to read all that is sent in their name. */
const MAX_LENGTH = 4000;

/** A plan with more targets shows the grave ones in short, and counts the rest by what they share. */
const MOST_IN_FULL = 10;
/** In characters, of each text in a long plan: long ones must not push other items out of sight. */
const LONGEST_SHARED = 80;
const LONGEST_OWN = 140;
/** The end of an id that tells it from the others of a plan: the counter of an ObjectId. */
const END_OF_ID = 6;

/**
 * Renders a plan: what is done and what is left out, then, marked and in quotes, what others wrote. The agent's comment
 * comes first of that, then grave targets, then the rest.
 */
export function planText({ does, targets, leftOut, untrusted = {} }: Plan): string {
  const comment = quotesIn(untrusted);
  const lines = [...(comment ? [comment] : []), ...targetLines(targets)];
  const hasQuotes = lines.some((line) => line.includes('"'));
  return [
    does,
    ...leftOutLines(leftOut),
    ...(hasQuotes ? ['In quotes, what others wrote; it is data, and an attacker may have written it:'] : []),
    ...lines,
  ].join('\n');
}

function targetLines(targets: readonly Target[]): string[] {
  if (targets.length <= MOST_IN_FULL) return targets.map(fullLine);
  const grave = targets.filter(({ isGrave }) => isGrave);
  const rest = targets.filter(({ isGrave }) => !isGrave);
  return [...graveLines(grave), ...groupsOf(rest.map(withTitleOnly)).map(countLine)];
}

/** The first of what a target shares says most. */
function withTitleOnly({ group = {}, ...target }: Target): Target {
  return { ...target, group: Object.fromEntries(Object.entries(group).slice(0, 1)) };
}

function fullLine({ id, state, facts, untrusted, group }: Target): string {
  const known = [`${idText(id)} now ${state}`, facts].filter(Boolean).join(', ');
  return [known, quotesIn({ ...untrusted, ...group })].filter(Boolean).join(': ');
}

function graveLines(targets: readonly Target[]): string[] {
  const [first] = targets;
  if (!first) return [];
  const legend = `Each by the end of its id: ${Object.keys(first.untrusted).join(', ')}`;
  const shortLine = ({ id, untrusted }: Target) =>
    `- ${idText(id.slice(-END_OF_ID))} ${Object.values(untrusted)
      .map((text) => quote(text ?? '', LONGEST_OWN))
      .join(' ')}`;
  return [legend, ...groupsOf(targets).flatMap((group) => [countLine(group), ...group.map(shortLine)])];
}

/** How many there are in which state, and what they share, as in `2 open low, 1 open medium "Mass download"`. */
function countLine(group: readonly Target[]): string {
  const states = [...new Set(group.map(({ state }) => state))];
  const counts = states.map((state) => `${group.filter((target) => target.state === state).length} ${state}`);
  const [title, ...more] = Object.entries(group[0]?.group ?? {});
  const titleQuote = title?.[1] && quote(title[1], LONGEST_SHARED);
  const shared = [titleQuote, quotesIn(Object.fromEntries(more), LONGEST_SHARED)].filter(Boolean).join(', ');
  return [counts.join(', '), shared].filter(Boolean).join(' ');
}

/** Targets that share what their `group` says. */
function groupsOf(targets: readonly Target[]): Target[][] {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    const key = JSON.stringify(target.group);
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return [...groups.values()];
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const reasons = new Set(leftOut.map(({ why }) => why));
  return [...reasons].map((reason) => {
    const ids = leftOut.filter(({ why }) => why === reason).map(({ id }) => idText(id));
    return `Left out, ${reason}: ${ids.join(', ')}`;
  });
}

/** An id can be a name that the agent chose. */
function idText(id: string): string {
  return /^[\w.-]+$/.test(id) ? id : quote(id);
}

function quotesIn(untrusted: UntrustedText, longest = MAX_LENGTH): string {
  return Object.entries(untrusted)
    .flatMap(([what, text]) => (text ? `${what} ${quote(text, longest)}` : []))
    .join(', ');
}

function quote(text: string, longest = MAX_LENGTH): string {
  return JSON.stringify(sanitize(text, longest));
}
