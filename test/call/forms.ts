/** The part of an argument's JSON Schema that says in which forms it can arrive. */
export interface ArgumentSchema {
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly items?: ArgumentSchema | undefined;
}

export const PORTAL = 'https://contoso.us2.portal.cloudappsecurity.com';

/** What known hosts add to the arguments of a call. */
export const HOST_KEYS: readonly Readonly<Record<string, unknown>>[] = [
  { toolCallId: 'call_7QJ' },
  { task_progress: '- [x] look\n- [ ] decide' },
  { wait_for_previous: true },
  { toolCallId: 'call_7QJ', sessionId: '5f', action: 'sendMessage', chatInput: 'what is open?' },
];

const HEX_ID = /^[0-9a-f]{24}$/i;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Other forms of an argument's value; each means the same to a person. */
export function formsOf(name: string, schema: ArgumentSchema, value: unknown): unknown[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [`${value}`, ` ${value}\n`];
  if (Array.isArray(value)) return listForms(name, schema, value);
  return typeof value === 'string' ? textForms(name, schema, value) : [];
}

function listForms(name: string, { items = {} }: ArgumentSchema, members: readonly unknown[]): unknown[] {
  const spelled = members.map((member) => formsOf(name, items, member).at(-1) ?? member);
  return [
    spelled,
    JSON.stringify(members),
    ` ${JSON.stringify(spelled, null, 2)} `,
    members.join(','),
    ` ${members.join(' ,\n')} `,
    spelled.join(', '),
  ];
}

function textForms(name: string, schema: ArgumentSchema, text: string): string[] {
  if (schema.enum !== undefined) return [` ${text} `];
  if (GUID.test(text)) {
    const bare = text.replaceAll('-', '');
    return [text.toUpperCase(), ` ${text}`, bare, `{${text}}`, `{${bare}}`, ` {${text.toUpperCase()}} `];
  }
  if (!HEX_ID.test(text)) return [];
  // A file's id comes from its app and is kept as it is.
  if (name === 'file_id') return [`\t${text} `];
  const spaced = [text.toUpperCase(), `\t${text} `];
  return /^alert_ids?$/u.test(name) ? [...spaced, ...linksOf(text)] : spaced;
}

/** Portal links of an alert. */
function linksOf(id: string): string[] {
  const fragment = `#/alerts/${id}`;
  return [
    `${PORTAL}/${fragment}`,
    ` ${PORTAL}/${fragment} `,
    `HTTPS://Contoso.US2.portal.cloudappsecurity.com/${fragment}/`,
    `${PORTAL}/?tid=1${fragment}?tab=details`,
    `https://contoso.portal.cloudappsecurity.com${fragment.replace('#', '/#')}`,
    `${PORTAL}/${fragment.replace(id, id.toUpperCase())}`,
  ];
}
