/** 5,000 for each record of a full page; some may have thousands of users. Parsing as many takes about 0.3 s. */
const MAX_VALUES = 500_000;

/** A parsed text; undefined stands for an empty one. */
type Parsed =
  | { readonly isJson: true; readonly value: unknown }
  | { readonly isJson: false; readonly isTooMuch: boolean };

/** Parses JSON, unless that could take long: 16 MiB of empty objects would take seconds and much memory. */
export function parseJson(text: string): Parsed {
  if (text.trim() === '') return { isJson: true, value: undefined };
  if (text.length > MAX_VALUES && hasTooManyValues(text)) return { isJson: false, isTooMuch: true };
  try {
    return { isJson: true, value: JSON.parse(text) };
  } catch {
    return { isJson: false, isTooMuch: false };
  }
}

/** Each value comes after one of `,` `[` `{`, or is the only one. Those inside of texts are counted too. */
function hasTooManyValues(text: string): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code === COMMA || code === BRACKET || code === BRACE) && ++count > MAX_VALUES) return true;
  }
  return false;
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];
