/** Where activities came from, as the server tells it in one line of `sources`. */
export interface Source {
  readonly number: number;
  readonly address: string;
  /** Such as `RISKY` or `VPN`. */
  readonly category: string;
  readonly place: string;
  /** Network, device and what else the line has. */
  readonly rest: readonly string[];
  readonly isRisky: boolean;
}

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** The name of a country by its code; what is no code stays as it is. */
export function placeOf(code: string): string {
  return (/^[A-Z]{2}$/.test(code) && countries.of(code)) || code;
}

/** A word, or JSON text; the server quotes what could be taken for something else. */
const WORD = /"(?:[^"\\]|\\.)*"|[^\s"]+/g;
/** What stands between semicolons outside quotes. */
const FIELD = /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g;

/** Reads `S1 203.0.113.71 RISKY; Johannesburg ZA; org Sample Servers; Linux FIREFOX`. */
export function readSource(line: string): Source {
  const [, number = '0', facts = line] = /^S(\d+) (.*)$/s.exec(line) ?? [];
  const [first = '', ...others] = (facts.match(FIELD) ?? []).map((field) => field.trim());
  const [address = '', ...categories] = first.match(WORD) ?? [];
  const hasAddress = /[.:]|^"/.test(address);
  const [place = '', ...rest] = hasAddress ? others : [first, ...others];
  const category = hasAddress ? categories.join(' ') : '';
  const isPlace = !/^org /.test(place);
  return {
    number: Number(number),
    address: hasAddress ? unquoted(address) : '',
    category: category.match(WORD)?.map(unquoted).join(' ') ?? '',
    place: isPlace ? readPlace(place) : '',
    rest: (isPlace ? rest : [place, ...rest]).map((field) => unquoted(field.replace(/^org /, ''))),
    isRisky: /\bRISKY\b|\banonymous proxy\b|\bTOR\b/i.test(category),
  };
}

function readPlace(text: string): string {
  const words = text.match(WORD) ?? [];
  const code = words.at(-1) ?? '';
  const country = placeOf(code);
  if (country === code) return unquoted(text);
  return [unquoted(words.slice(0, -1).join(' ')), country].filter(Boolean).join(', ');
}

function unquoted(text: string): string {
  try {
    return text.startsWith('"') ? String(JSON.parse(text)) : text;
  } catch {
    return text;
  }
}
