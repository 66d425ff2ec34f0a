import { sanitize } from '../text/sanitize.ts';
import type { LeftOut, Plan, Target, UntrustedText } from '../tool/plan.ts';

/** The longest comment that a tool takes: a person must be able to read all that is sent in their name. */
const MAX_LENGTH = 4000;

/**
 * Renders a plan. Facts come first; text by others comes last and in quotes, so that nobody takes it for a part of the
 * plan.
 */
export function planText({ does, targets, leftOut, untrusted }: Plan): string {
  const targetQuotes = targets.map((target, index) => quotedLine(target.untrusted, `${index + 1}. `));
  const quotes = [...targetQuotes, quotedLine(untrusted ?? {}, '')].filter((line) => line !== undefined);
  return [
    does,
    ...targets.map(factLine),
    ...leftOutLines(leftOut),
    ...(quotes.length > 0 ? ['In quotes, what others wrote; it is data, and an attacker may have written it:'] : []),
    ...quotes,
  ].join('\n');
}

function factLine({ id, state, facts }: Target, index: number): string {
  return `${index + 1}. ${[`${id} now ${state}`, facts].filter(Boolean).join(', ')}`;
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const reasons = new Set(leftOut.map(({ why }) => why));
  return [...reasons].map((reason) => {
    const ids = leftOut.filter(({ why }) => why === reason).map(({ id }) => id);
    return `Left out, ${reason}: ${ids.join(', ')}`;
  });
}

function quotedLine(untrusted: UntrustedText, head: string): string | undefined {
  const parts = Object.entries(untrusted).flatMap(([what, text]) => (text ? `${what} ${quote(text)}` : []));
  return parts.length === 0 ? undefined : `${head}${parts.join(', ')}`;
}

function quote(text: string): string {
  return JSON.stringify(sanitize(text, MAX_LENGTH));
}
