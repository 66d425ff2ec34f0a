import type { Setting } from '../config/kinds.ts';

/** What package.json tells of this package. */
export interface PackageFacts {
  readonly name: string;
  /** The name in the MCP registry. The registry compares it with the one of the package on npm. */
  readonly mcpName: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly engines: { readonly node: string };
}

export const TITLE = 'Microsoft Defender for Cloud Apps';

/** Whether a start without this setting fails. */
export function isRequired({ description }: Setting): boolean {
  return / Required/.test(description);
}

/** What a setting means, without the remark that it is required: a form shows that itself. */
export function meaningOf({ description }: Setting): string {
  return description.replace(/ Required.*$/, '');
}

/** A default as text; undefined where nothing is set by default. */
export function defaultOf({ fallback }: Setting): string | undefined {
  return fallback === undefined || String(fallback) === '' ? undefined : String(fallback);
}
