/** A path of the API. Each ends with a slash, without which the service drops the body (defender-api.md §2.1). */
export type Path = `/${string}/`;

/** True for a path that starts and ends with a slash and cannot climb out of its route. */
export function isPath(text: string): text is Path {
  return /^\/(?!\/)[^?#\\\s]*\/$/.test(text) && !text.split('/').some((part) => part === '.' || part === '..');
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
  if (raw === '' || raw === '.' || raw === '..') throw new RangeError('a path segment cannot be empty or dots');
  return encodeURIComponent(raw);
}
