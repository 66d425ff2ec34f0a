/** A shorter form could occur in a text by chance. */
const MIN_FORM = 8;
/** So many characters in a row that a text shares with a form of the secret, of so many kinds, are no chance. */
const MIN_SHARED = 16;
const MIN_KINDS = 6;
/** Characters that are looked up at once; fewer would be in many texts by chance. */
const PROBE = 4;

/**
 * Makes a filter that takes a secret out of a text, in any of its forms and in any case. A text may have been cut
 * inside a form when it was made plain, so each stretch of 16 characters or more is taken out.
 */
export function createWithhold(secret: string): (text: string) => string {
  const forms = formsOf(secret).map((form) => form.toLowerCase());
  const probes = new Set(forms.flatMap(probesOf));
  // Every stretch that is long enough holds one whole probe, wherever it begins.
  const step = Math.min(MIN_SHARED, ...forms.map(({ length }) => length)) - PROBE + 1;
  return (text) => {
    const lower = toLower(text);
    const parts: string[] = [];
    let done = 0;
    for (let at = 0; at < lower.length; at += step) {
      if (at < done || !probes.has(lower.slice(at, at + PROBE))) continue;
      const stretch = longestShared(lower, at, done, forms);
      if (!stretch) continue;
      parts.push(text.slice(done, stretch.start), '[withheld]');
      done = stretch.end;
    }
    return done === 0 ? text : parts.join('') + text.slice(done);
  };
}

/** How a gateway may echo a secret: as it is, escaped for JSON or a URL, in hex, in Base64. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const escaped = [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  return [secret, ...escaped, bytes.toString('hex'), ...base64Forms(bytes)].filter(({ length }) => length >= MIN_FORM);
}

/**
 * The Base64 forms that the bytes take inside a longer text, one for each offset modulo 3. Characters that also encode
 * neighbouring bytes are cut off.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const first = Math.ceil((offset * 4) / 3);
    const last = Math.floor(((offset + bytes.length) * 4) / 3);
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    return [padded.toString('base64'), padded.toString('base64url')].map((text) => text.slice(first, last));
  });
}

function probesOf(form: string): string[] {
  return Array.from({ length: form.length - PROBE + 1 }, (_, at) => form.slice(at, at + PROBE));
}

/** Keeps the length, which `toLowerCase` alone does not for some letters beyond ASCII. */
function toLower(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The longest stretch around a probe that is no chance. @param from where it begins at the earliest */
function longestShared(text: string, at: number, from: number, forms: readonly string[]): Stretch | undefined {
  const probe = text.slice(at, at + PROBE);
  let longest: Stretch | undefined;
  let least = 0;
  for (const form of forms) {
    for (let offset = form.indexOf(probe); offset >= 0; offset = form.indexOf(probe, offset + 1)) {
      const { start, end } = sharedAt(text, at, from, form, offset);
      if (end - start <= least || !isNoChance(text.slice(start, end), form)) continue;
      longest = { start, end };
      least = end - start;
    }
  }
  return longest;
}

function sharedAt(text: string, at: number, from: number, form: string, offset: number): Stretch {
  let before = 0;
  while (at - before > from && before < offset && text[at - before - 1] === form[offset - before - 1]) before++;
  let after = PROBE;
  while (offset + after < form.length && text[at + after] === form[offset + after]) after++;
  return { start: at - before, end: at + after };
}

function isNoChance(shared: string, form: string): boolean {
  return shared === form || (shared.length >= MIN_SHARED && new Set(shared).size >= MIN_KINDS);
}
