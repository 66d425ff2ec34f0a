import { markedEncoding } from '../core/encoding.ts';
import { readStart } from './small_file.ts';

/**
 * What the environment does to TLS that would send the token to somebody else, or that Node would pass over without
 * telling an agent.
 */
export function tlsProblems(environment: Readonly<Record<string, string | undefined>>): string[] {
  const { NODE_TLS_REJECT_UNAUTHORIZED: check, NODE_EXTRA_CA_CERTS: certificates } = environment;
  return [...(check === '0' ? [UNCHECKED] : []), ...(certificates ? certificateProblem(certificates) : [])];
}

const UNCHECKED =
  'NODE_TLS_REJECT_UNAUTHORIZED=0 would send the API token to any host that claims to be the tenant: unset it, and ' +
  'name the certificates of a proxy in NODE_EXTRA_CA_CERTS.';

/** Node reads the file itself, and passes over the certificates behind a byte order mark. */
function certificateProblem(path: string): string[] {
  try {
    const encoding = markedEncoding(readStart(path, 4));
    if (encoding === undefined) return [];
    const name = encoding === 'utf-8' ? 'UTF-8 with a byte order mark' : 'UTF-16';
    return [`NODE_EXTRA_CA_CERTS names a file in ${name}, which Node cannot read: save it as plain text (ASCII).`];
  } catch {
    // Node has said so on stderr.
    return [];
  }
}
