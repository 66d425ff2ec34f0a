/** A path of the API. Each ends with a slash, without which the service drops the body (docs/defender-api.md 2.1). */
export type Path = `/${string}/`;

/** True for segments between single slashes, none of them dots: such a path cannot leave its host or climb. */
export function isPath(text: string): text is Path {
  return /^(?:\/(?!\.{1,2}\/)[\w.~%!$&'()*+,;=:@-]+)+\/$/.test(text);
}

/**
 * Builds a path; each interpolated value becomes exactly one encoded segment.
 * @throws RangeError for an empty value, `.` or `..`.
 * @example path`/api/v1/alerts/${id}/`
 */
export function path(text: TemplateStringsArray, ...values: readonly (string | number)[]): Path {
  const built = text.map((part, index) => part + (index < values.length ? segment(values[index]) : '')).join('');
  if (!isPath(built)) throw new RangeError('a path needs a leading and a trailing slash');
  return built;
}

/** One value as one encoded path segment. */
export function segment(value: string | number | undefined): string {
  const raw = String(value ?? '');
  const isSegment = raw !== '' && raw !== '.' && raw !== '..' && !/\p{Cs}/u.test(raw);
  if (!isSegment) throw new RangeError('a path segment cannot be empty, dots or half a character');
  return encodeURIComponent(raw);
}
