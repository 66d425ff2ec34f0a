import { hasPlaceholder, UNFILLED } from './placeholder.ts';

/** The value of a text, or what is wrong, as the rest of a sentence that begins with the setting's name. */
type Reading<T> = { readonly value: T } | { readonly problem: string };

/** A kind of value: its default, and how it is read from text. */
export interface Kind<T> {
  readonly fallback: T;
  read(text: string): Reading<T>;
}

/** One setting. */
export interface Setting<T = unknown> extends Kind<T> {
  /** The environment variable. */
  readonly name: string;
  readonly description: string;
  /** Has no flag: other users of the machine can read a command line. */
  readonly secret: boolean;
}

export const text: Kind<string | undefined> = { fallback: undefined, read: (value) => ({ value }) };

export const file: Kind<string | undefined> = {
  fallback: undefined,
  read: (path) => (hasPlaceholder(path) ? { problem: UNFILLED } : { value: path }),
};

export const names: Kind<readonly string[]> = {
  fallback: [],
  read: (list) => {
    const value = list.split(/[\s,]+/).filter(Boolean);
    return value.length > 0 ? { value } : { problem: 'names nothing' };
  },
};

export const whole = (fallback: number, least: number, most: number): Kind<number> => ({
  fallback,
  read: (digits) => {
    const value = Number(digits);
    if (!/^\d{1,9}$/.test(digits)) return { problem: 'must be a whole number' };
    if (value < least) return { problem: `must be at least ${least}` };
    return value > most ? { problem: `must be at most ${most}` } : { value };
  },
});

export const oneOf = <T extends string>(fallback: T, choices: readonly T[]): Kind<T> => ({
  fallback,
  read: (given) => {
    const value = choices.find((choice) => choice === given);
    return value === undefined ? { problem: `must be one of ${choices.join(', ')}` } : { value };
  },
});

/** A setting whose value may be shown. */
export function define<T>(name: `MDCA_${string}`, kind: Kind<T>, description: string): Setting<T> {
  return { name, ...kind, description, secret: false };
}
