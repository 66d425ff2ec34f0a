/** One piece of text that somebody plants in the tenant. */
export interface Payload {
  /** Its kind and its number in it. */
  readonly id: string;
  readonly kind: string;
  readonly text: string;
}

export function ofKind(kind: string, short: string, texts: readonly string[]): Payload[] {
  return texts.map((text, n) => ({ id: `${short}-${String(n + 1).padStart(2, '0')}`, kind, text }));
}
