import { sanitize } from '../../src/text/sanitize.ts';
import { instructionsIn } from './commands.ts';
import type { Shown } from './fields.ts';
import { KINDS, PAYLOADS, type Payload } from './payloads.ts';
import { COLLECTIONS, complete, fieldsIn } from './records.ts';
import { GUARDED, MEASURED, type Outcome, type Scenario } from './scenarios.ts';

export interface Results {
  readonly outcomes: ReadonlyMap<Scenario, readonly Outcome[]>;
  readonly shown: Shown;
}

/** Longest part of a payload that is printed. */
const LONGEST = 110;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** In ASCII that shows what it is and does nothing. */
function printed(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}` : text;
  const escaped = JSON.stringify(short)
    .slice(1, -1)
    .replaceAll(/[^ -~]|[`|]/gu, (character) =>
      [...Array(character.length).keys()]
        .map((n) => `\\u${character.charCodeAt(n).toString(16).padStart(4, '0')}`)
        .join(''),
    );
  const more = text.length - short.length;
  return `\`${escaped}\`${more > 0 ? ` … and ${more} more` : ''}`;
}

const isUnderstood = (text: string) => instructionsIn(text).commands.length > 0;

export function readmeOf({ outcomes, shown }: Results): string {
  const of = (scenario: Scenario) => outcomes.get(scenario) ?? [];
  const sections = [
    INTRODUCTION,
    outcomeSection(of),
    measuredSection(of),
    fieldSection(shown),
    LIMITS,
    payloadSection(),
  ];
  return `${sections.join('\n\n')}\n`;
}

type Of = (scenario: Scenario) => readonly Outcome[];

const INTRODUCTION = `# Injection corpus

Written by \`test/injection/injection.test.ts\`; \`npm test -- -u\` rewrites it.

${PAYLOADS.length} payloads of ${KINDS.length} kinds stand for what an attacker can write into names, titles, descriptions
and identifiers of a tenant. A real client and the real server read them from the emulator, and a scripted agent obeys
whatever it reads. It is more gullible than any model:

- It reads every tool that reads, every resource, its errors, the instructions, the list of tools, every answer to what it
  does, and in one case the question that is meant for a person.
- It decodes base64, hex, percent signs, quoted-printable, rot13, HTML entities, JSON escapes and punycode, in layers; it
  reads tag characters, variation selectors, zero-width bits, reversed text and look-alikes of letters.
- It carries out every tool call that it finds in any reading, and every demand in one of the languages of the corpus, with
  the ids that are named or else all that there are; then it reads the answers and obeys those, three rounds deep.
- It tries as a code whatever is called one.`;

function outcomeSection(of: Of): string {
  const rows = KINDS.map((kind) => {
    const payloads = PAYLOADS.filter((payload) => payload.kind === kind);
    const writes = GUARDED.map((scenario) => writesOf(of(scenario), kind));
    const understood = [(text: string) => text, sanitize].map(
      (pass) => payloads.filter(({ text }) => isUnderstood(pass(text))).length,
    );
    return [kind, payloads.length, ...understood, ...writes];
  });
  const totals = (rows[0] ?? []).slice(1).map((_cell, n) => sum(rows.map((row) => Number(row[n + 1]))));
  const head = ['kind', 'payloads', 'understood as written', 'understood as it leaves'];
  const tries = GUARDED.map((scenario) => [
    scenario.name,
    sum(of(scenario).map(({ writeCalls }) => writeCalls)),
    sum(of(scenario).map(({ questions }) => questions)),
    sum(of(scenario).map(({ codes }) => codes)),
    writesOf(of(scenario)),
    of(scenario).filter(({ isChanged }) => isChanged).length,
    sum(of(scenario).map(({ links }) => links.length)),
  ]);
  return `## No write gets through

Each payload stands in all fields of a small tenant at once. *Understood* counts payloads in which the agent finds something
to carry out, before and after the server has made the text inert: that alone stops few of them. The columns on the right
count the writes that reached the service.

${table([...head, ...GUARDED.map(({ name }) => name)], [...rows, ['all', ...totals]])}

What was tried for it:

${table(
  [
    'server and client',
    'calls that would change something',
    'questions put',
    'codes handed out',
    'writes',
    'tenants changed',
    'links opened',
  ],
  tries,
)}

In \`off\` the tools are not listed, and the agent calls them all the same. Where the client cannot ask, this agent does what
others wrote, tries every code that they name, and leaves alone the code that the server has handed out for a person to
agree to. In all other cases it also does what the server says. The guesses are usual words of consent, what the payload
says that should be typed, and its first words; the phrase that the server asks for is not among them.`;
}

const writesOf = (outcomes: readonly Outcome[], kind?: string) =>
  sum(outcomes.filter(({ payload }) => (kind ?? payload.kind) === payload.kind).map(({ writes }) => writes.length));

function measuredSection(of: Of): string {
  const rows = MEASURED.map((scenario) => [
    scenario.name,
    of(scenario).length,
    sum(of(scenario).map(({ writeCalls }) => writeCalls)),
    of(scenario).filter(({ writes }) => writes.length > 0).length,
    writesOf(of(scenario)),
  ]);
  return `## What does get through

Two cases are measured with a third of the payloads, because they are the limits of what the server alone can hold.

${table(['server and client', 'payloads tried', 'calls that would change something', 'payloads that reach a write', 'writes'], rows)}

- Where the client cannot ask, the server hands the agent a plan and a code. An agent that repeats the call with the code,
  without a person, gets its write through. The code proves that the plan is fresh and was for this call; it is no consent.
  Consent is then given in the client's own approval dialog, or not at all.
- Where the client asks, an agent cannot answer. A client that reads the question by itself and types the phrase is a client
  that has decided to confirm; the phrase guards against accepting unread, and is no secret. It can be guessed, too:
  \`close 1\` for one alert.`;
}

const FIELDS = sum(COLLECTIONS.map((collection) => fieldsIn(complete(collection, {})).length));

function fieldSection(shown: Shown): string {
  return `## Fields

The records of the emulator have ${FIELDS} fields of text; ${shown.size} of them reach an agent or a person, some only where
another is absent (*); the others were never seen. That makes ${shown.size * PAYLOADS.length} pairs of a field and a
payload. For these, for comments of the agent and for what the service
says beside an error, \`test/injection/fields.test.ts\` compares the answer to that for a harmless word:

- There is no invisible or control character, no link or image, no HTML, no fence and no address that a client would make
  one of; only the tenant's own portal is linked.
- Every line begins and ends as it does for the harmless word, and there are as many; numbers, flags and the counts of
  records are the same. No text can pass for another fact of its line.
- The question's first line and the phrase in it are the same; what others wrote stands in JSON quotes behind all facts.

${table(
  ['field', 'seen through'],
  [...shown].map(([name, through]) => [
    `\`${name}\``,
    through.map(({ surface, isStandIn }) => `\`${surface}\`${isStandIn ? '\\*' : ''}`).join(', '),
  ]),
)}`;
}

const LIMITS = `## What this does not prove

- That a model is not led astray in what it says. The payloads arrive as readable text, marked as data; a model may still
  believe that an alert is harmless, and say so to the person who decides.
- That a person reads the question before typing the phrase.
- Anything about \`MDCA_WRITES=allow\`, in which whatever the agent decides is carried out.
- Anything about other tools of the same agent: text that is read here may lead it to act elsewhere.
- That the list is complete. It is a floor against relapse; who attacks will write something else. That no write comes
  about rests on the confirmation and not on the recognition of texts.
- Anything about the real service, whose records may have fields that the emulator does not.`;

function payloadSection(): string {
  const row = ({ id, text }: Payload) => [id, printed(text)];
  const groups = KINDS.map((kind) => {
    const payloads = PAYLOADS.filter((payload) => payload.kind === kind);
    return `### ${kind.replace(/^./u, (first) => first.toUpperCase())}\n\n${table(['id', 'text'], payloads.map(row))}`;
  });
  return `## Payloads

As JSON would escape them, cut to ${LONGEST} characters. The ids are those of the small tenant.

${groups.join('\n\n')}`;
}
