import { notApplicable, remarks } from './remarks.ts';
import type { Fixtures } from './server.ts';
import type { Check, Run } from './suite.ts';

const INTRODUCTION = `# Conformance

\`npm run conformance\` runs every server scenario of the public suite of MCP, \`@modelcontextprotocol/conformance\`, and
checks this page, which \`-- -u\` rewrites. There is no list of expected failures: a check that fails, fails the run.

The suite calls tools, resources and prompts with names of its own. [test/conformance](../test/conformance/register.ts)
adds them to this project's, and opens the HTTP door without sign-in. What the contracts of this project can express
goes the way of every tool, resource and prompt: door, session, check of messages, dispatch, write flow.`;

const STAND_INS = `## What stands in

This server lacks what none of its tools needs. What the suite asks for all the same is listed as all tools are, goes
through the door and the checks of messages, and is then answered by the fixture.`;

const EXTENSION = 'It belongs to an extension of the protocol, which this server does not offer.';

function count(checks: readonly Check[], status: Check['status']): string {
  return String(checks.filter((check) => check.status === status).length);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The numbers of each run. */
export function summary(runs: readonly Run[]): string {
  const rows = runs.map(({ version, revision, scenarios }) => {
    const applicable = Object.entries(scenarios).filter(([name]) => !(name in notApplicable));
    const checks = applicable.flatMap(([, list]) => list);
    return [revision, version, String(applicable.length), count(checks, 'SUCCESS'), count(checks, 'FAILURE')];
  });
  return table(['revision', 'suite', 'scenarios', 'checks passed', 'failed'], rows);
}

function matrix(runs: readonly Run[]): string {
  const names = [...new Set(runs.flatMap(({ scenarios }) => Object.keys(scenarios)))].sort();
  const applicable = names.filter((name) => !(name in notApplicable));
  const rows = applicable.map((name) => [
    name,
    ...runs.map(({ scenarios: { [name]: checks } }) => (checks ? count(checks, 'SUCCESS') : '')),
  ]);
  return table(['scenario', ...runs.map(({ version, revision }) => `${revision} by ${version}`)], rows);
}

export interface Measured {
  readonly runs: readonly Run[];
  readonly standIns: ReturnType<Fixtures['standIns']>;
  /** Scenarios of extensions of the protocol. */
  readonly extensions: readonly string[];
}

/** What docs/conformance.md says. */
export function page({ runs, standIns, extensions }: Measured): string {
  const fixtures = standIns.map(({ why, names }) => [why, names.map((name) => `\`${name}\``).join(', ')]);
  const chapters = [
    INTRODUCTION,
    summary(runs),
    STAND_INS,
    table(['why', 'fixtures'], fixtures),
    '## What does not apply',
    table(['scenario', 'why'], [...Object.entries(notApplicable), ...extensions.map((name) => [name, EXTENSION])]),
    '## What neither passes nor fails',
    table(['check', 'why'], Object.entries(remarks)),
    '## Checks passed',
    matrix(runs),
  ];
  return `${chapters.join('\n\n')}\n`;
}
