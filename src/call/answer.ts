/** A value of the tool's output schema, and the same as text. */
export interface Answer {
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** What a person types to agree to the plan in the answer. No model needs it. */
  readonly phrase?: string | undefined;
}

/** A value as lines of `key: value`; nested values stand on the line of their key. */
export function toLines(value: Readonly<Record<string, unknown>>): string {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${key}: ${typeof member === 'string' ? member : inLine(member)}`)
    .join('\n');
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return value.map(inLine).join(', ');
  // Quotes all but plain words: text that somebody else wrote could look like a further member.
  if (typeof value === 'string') return /^[\w.:@+-]*$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.map(([key, member]) => `${key} ${inLine(member)}`).join('; ');
}
