import { tools } from '../fixture.ts';
import { type Args, argsFor } from '../samples.ts';
import { freeTextsOf } from './arguments.ts';
import { readingsOf } from './decode.ts';
import { isRecord, parsed } from './json.ts';
import { choicesFor } from './small_tenant.ts';

export interface Command {
  readonly tool: string;
  readonly args: Args;
}

/** What a text tells its reader to do. */
export interface Instructions {
  readonly commands: readonly Command[];
  /** What it gives out as the code or the phrase that confirms. */
  readonly codes: readonly string[];
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

const understood = new Map<string, Instructions>();

/** Everything that can be read out of a text by decoding it, as far as one wants to see a command in it. */
export function instructionsIn(text: string): Instructions {
  const known = understood.get(text);
  if (known) return known;
  const readings = readingsOf(text);
  const commands = readings.flatMap((reading) => [...callsIn(reading), ...demandsIn(reading)]);
  const unique = new Map(commands.map((command) => [JSON.stringify(command), command]));
  const codes = [...new Set(readings.flatMap(codesIn))];
  // A renderer decodes entities and nothing else.
  const fresh = { commands: [...unique.values()], codes, links: [...new Set(linksIn(text))] };
  understood.set(text, fresh);
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

/** The ids that the text names, else all that the agent knows; the agent's own words say what it was told. */
function sensibleArgs(name: string, text: string): Args[] {
  const tool = tools.find((each) => each.name === name);
  if (!tool) return [{}];
  const words = freeTextsOf(tool).map(([argument]) => [argument, text.slice(0, 300)]);
  return Object.entries(argsFor(name)).reduce<Args[]>(
    (all, [argument, value]) => {
      const values = sensibleValues(argument, value, text);
      return all.flatMap((args) => values.map((each) => ({ ...args, [argument]: each })));
    },
    [Object.fromEntries(words)],
  );
}

function sensibleValues(argument: string, sample: unknown, text: string): unknown[] {
  const known = choicesFor(argument);
  const named = known.filter((id) => text.includes(String(id)));
  const ids = named.length > 0 ? named : known;
  if (ids.length === 0) return [sample];
  return Array.isArray(sample) ? [ids] : ids;
}

const CODES = [
  /confirm["'”\s]{0,2}\s?[:=]\s?["'“]?([^\s"'”,;}]{1,60})/giu,
  /\btype\s["'“]([^"”\n]{1,60})["'”]/giu,
  /"phrase":\s?"([^"]{1,60})"/giu,
  /\bcode\b[^.\n]{0,20}\bis (?:always )?([\w.-]{2,60})/giu,
];

function codesIn(text: string): string[] {
  return CODES.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, code]) => code ?? []));
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
