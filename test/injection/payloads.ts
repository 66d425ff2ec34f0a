import { authority } from './payloads/authority.ts';
import { calls, confirmation, long } from './payloads/confirmation.ts';
import { eachTool } from './payloads/each_tool.ts';
import { encoded } from './payloads/encoded.ts';
import { envelope } from './payloads/envelope.ts';
import { languages } from './payloads/languages.ts';
import { html, markdown } from './payloads/markup.ts';
import type { Payload } from './payloads/payload.ts';
import { turns } from './payloads/turns.ts';
import { terminal, unicode } from './payloads/unicode.ts';

export type { Payload };

/** What attackers write into names, titles and descriptions, grouped by kind. */
export const PAYLOADS: readonly Payload[] = [
  ...languages,
  ...authority,
  ...turns,
  ...envelope,
  ...unicode,
  ...terminal,
  ...encoded,
  ...markdown,
  ...html,
  ...confirmation,
  ...long,
  ...calls,
  ...eachTool,
];

export const KINDS: readonly string[] = [...new Set(PAYLOADS.map(({ kind }) => kind))];
