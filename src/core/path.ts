/** A path of the API. It ends with a slash: without it the service may drop the body (docs/defender-api.md 2.1). */
export type Path = `/${string}/`;

/**
 * True for segments between single slashes, none of them `.` or `..`: such a path stays on its host. It may hold `%`,
 * so a path from a setting must also be checked for encoded dots (`%2e`).
 */
export function isPath(text: string): text is Path {
  return /^(?:\/(?!\.{1,2}\/)[\w.~%!$&'()*+,;=:@-]+)+\/$/.test(text);
}

/**
 * Builds a path. Interpolated values are encoded, so none can add a segment.
 * @throws RangeError for a value that cannot be a segment (`segment`), and for text that gives no path
 * @example path`/api/v1/alerts/${id}/`
 */
export function path(text: TemplateStringsArray, ...values: readonly (string | number)[]): Path {
  const built = text.map((part, index) => part + (index < values.length ? segment(values[index]) : '')).join('');
  if (!isPath(built)) throw new RangeError('a path needs a leading and a trailing slash');
  return built;
}

/** Encodes a value as one path segment. @throws RangeError for an empty value, `.`, `..` or a lone surrogate */
export function segment(value: string | number | undefined): string {
  const raw = String(value ?? '');
  const isSegment = raw !== '' && raw !== '.' && raw !== '..' && !/\p{Cs}/u.test(raw);
  if (!isSegment) throw new RangeError('a path segment cannot be empty, dots or half a character');
  return encodeURIComponent(raw);
}
