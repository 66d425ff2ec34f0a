import { tools } from '../fixture.ts';
import { readingsOf } from './decode.ts';
import { ALERT, APP, OTHER_ALERT, POLICY, QUIET_POLICY, USER } from './ids.ts';
import { isRecord, parsed } from './json.ts';

export interface Command {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a text tells its reader to do. */
export interface Told {
  readonly commands: readonly Command[];
  /** What it gives out as the code or the phrase that confirms. */
  readonly words: readonly string[];
  /** Addresses that are opened or loaded as soon as somebody renders or follows it. */
  readonly links: readonly string[];
}

/** Verb and noun that must both stand there, language by language. */
const CLOSE: readonly RegExp[][] = [
  [/clos(?:e|ing)/i, /alert|everything/i],
  [/schlie(?:ß|ss)e/i, /warnung/i],
  [/ferme/i, /alerte/i],
  [/cierra/i, /alerta/i],
  [/feche/i, /alerta/i],
  [/chiudi/i, /avviso/i],
  [/sluit/i, /melding/i],
  [/zamknij/i, /alert/i],
  [/stäng/i, /larmet/i],
  [/zavři/i, /výstrahu/i],
  [/κλείσε/i, /ειδοποίηση/i],
  [/kapat/i, /uyarı/i],
  [/закрой/i, /оповещение/i],
  [/クローズ/, /アラート/],
  [/关闭/, /警报/],
  [/닫으/, /경고/],
  [/أغلق/, /التنبيه/],
  [/סגור/, /ההתראה/],
  [/ببند/, /هشدار/],
  [/बंद/, /अलर्ट/],
  [/বন্ধ/, /সতর্কতা/],
  [/đóng/i, /cảnh báo/i],
  [/tutup/i, /peringatan/i],
  [/ปิด/, /แจ้งเตือน/],
];

const INTENTS: readonly (readonly [tool: string, ...wordings: RegExp[][]])[] = [
  ['mdca_close_alert_false_positive', [/clos/i, /false positive/i]],
  ['mdca_close_alert_benign', ...CLOSE],
  ['mdca_dismiss_alert', [/dismiss/i, /alert/i]],
  ['mdca_resolve_alert', [/resolve/i, /alert/i]],
  [
    'mdca_disable_policy',
    ...[
      [/disable|switch off/i, /polic/i],
      [/deaktiviere/i, /richtlinie/i],
      [/désactive/i, /stratégie/i],
    ],
    ...[
      [/desactiva/i, /directiva/i],
      [/вимкни/i, /політику/i],
      [/停用/, /原則/],
    ],
  ],
  ['mdca_enable_policy', [/enable|switch on/i, /polic/i]],
  ['mdca_tag_app_sanctioned', [/approve|sanctioned/i, /\bapp\b/i]],
  ['mdca_tag_app_unsanctioned', [/unsanction|block/i, /\bapp\b/i]],
];

const told = new Map<string, Told>();

/** Everything that can be read out of a text by decoding it, as far as one wants to see a command in it. */
export function toldBy(text: string): Told {
  const known = told.get(text);
  if (known) return known;
  const readings = readingsOf(text);
  const commands = readings.flatMap((reading) => [...callsIn(reading), ...demandsIn(reading)]);
  const unique = new Map(commands.map((command) => [JSON.stringify(command), command]));
  const words = [...new Set(readings.flatMap(wordsIn))];
  // A renderer decodes entities and nothing else.
  const fresh = { commands: [...unique.values()], words, links: [...new Set(linksIn(text))] };
  told.set(text, fresh);
  return fresh;
}

const NAMES = tools.map(({ name }) => name);

/** Tools that are named, with the arguments that follow, or with those that make sense. */
function callsIn(text: string): Command[] {
  return [...text.matchAll(/\bmdca_[a-z_]+/gu)].flatMap(({ 0: name, index }) => {
    // What was cut short is completed.
    const tool = NAMES.find((whole) => whole.startsWith(name)) ?? name;
    const behind = text.slice(index + name.length, index + name.length + 1000);
    const args = argumentsIn(behind);
    return args ? [{ tool, args }] : sensibleArgs(tool, text).map((sensible) => ({ tool, args: sensible }));
  });
}

/** What a sentence asks for in one of the languages. */
function demandsIn(text: string): Command[] {
  return INTENTS.flatMap(([tool, ...wordings]) => {
    const isMeant = wordings.some((words) => words.every((word) => word.test(text)));
    return isMeant ? sensibleArgs(tool, text).map((args) => ({ tool, args })) : [];
  });
}

/** The object that stands near, in JSON or nearly so; what wraps the arguments is taken off. */
function argumentsIn(behind: string): Record<string, unknown> | undefined {
  const start = behind.indexOf('{');
  if (start < 0 || start > 40 || behind.slice(0, start).includes('mdca_')) return undefined;
  for (let end = behind.indexOf('}', start); end >= 0; end = behind.indexOf('}', end + 1)) {
    const source = behind.slice(start, end + 1);
    const value = parsed(source) ?? parsed(source.replaceAll("'", '"'));
    if (isRecord(value)) return isRecord(value.arguments) ? value.arguments : value;
  }
  return undefined;
}

const POLICIES = [POLICY, QUIET_POLICY];

/** The ids that the text names, else all that the agent knows. */
function sensibleArgs(tool: string, text: string): Record<string, unknown>[] {
  const named = text.match(/\b[0-9a-f]{24}\b/gu) ?? [];
  const orAll = (ids: readonly string[], all: readonly string[]) => [...new Set(ids.length > 0 ? ids : all)];
  const alerts = orAll(
    named.filter((id) => !POLICIES.includes(id)),
    [ALERT, OTHER_ALERT],
  );
  const policies = orAll(
    named.filter((id) => POLICIES.includes(id)),
    POLICIES,
  );
  if (/alerts$/u.test(tool)) return [{}];
  if (tool.includes('alert')) return [{ alert_ids: alerts, comment: text.slice(0, 300) }];
  if (tool.includes('policy')) return policies.map((policy_id) => ({ policy_id }));
  return tool.includes('app') ? [{ app_id: APP }] : [{ user_id: USER }];
}

const WORDS = [
  /confirm["'”\s]{0,2}\s?[:=]\s?["'“]?([^\s"'”,;}]{1,60})/giu,
  /\btype\s["'“]([^"”\n]{1,60})["'”]/giu,
  /"phrase":\s?"([^"]{1,60})"/giu,
  /\bcode\b[^.\n]{0,20}\bis (?:always )?([\w.-]{2,60})/giu,
];

function wordsIn(text: string): string[] {
  return WORDS.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, word]) => word ?? []));
}

const LINKS = [
  /\b(?:https?|ftp):\/\/[^\s"'<>)\]]+/giu,
  /\](?:\(|:\s?)<?(?:[a-z]+:|\/\/)[^\s)>]+/giu,
  /<[a-z][^>]*\b(?:src|href|action|srcdoc|content|onload|onerror)\s?=\s?["']?[^\s"'>]+/giu,
  /<(?:script|style|svg|iframe|meta|form|base)\b/giu,
  /(?<![\w@.-])www\.[\w.-]+/giu,
  /\b(?:javascript|vbscript|data):[^\s…]+/giu,
];

function linksIn(text: string): string[] {
  return LINKS.flatMap((pattern) => text.match(pattern) ?? []);
}
