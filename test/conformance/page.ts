import { standIns } from './protocol.ts';
import { notApplicable, remarks } from './remarks.ts';
import type { Check, Run } from './suite.ts';

const INTRODUCTION = `# Conformance

\`npm run conformance\` runs every server scenario of the public suite of MCP, \`@modelcontextprotocol/conformance\`, and
checks this page, which \`-- -u\` rewrites. There is no list of expected failures: a check that fails, fails the run.

The suite calls tools, resources and prompts with names of its own. [test/conformance](../test/conformance/register.ts)
registers them in place of this project's, and opens the HTTP door without sign-in. What the contracts of this project
can express goes the way of every tool, resource and prompt: door, session, check of messages, dispatch, write flow.`;

const STAND_INS = `## What stands in

The contracts lack what no tool of this project needs. These fixtures answer at the SDK's server, so what they prove is
the door, the sessions and streams, and the check of messages; not dispatch.`;

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
  const rows = names.map((name) => [
    name,
    ...runs.map(({ scenarios: { [name]: checks } }) => (checks ? count(checks, 'SUCCESS') : '')),
  ]);
  return table(['scenario', ...runs.map(({ version, revision }) => `${revision} by ${version}`)], rows);
}

/** What docs/conformance.md says. */
export function page(runs: readonly Run[]): string {
  const fixtures = standIns.map(({ lacks, names }) => [lacks, names.map((name) => `\`${name}\``).join(', ')]);
  const chapters = [
    INTRODUCTION,
    summary(runs),
    STAND_INS,
    table(['the contracts lack', 'fixtures'], fixtures),
    '## What does not apply',
    table(['scenario', 'why'], Object.entries(notApplicable)),
    '## What neither passes nor fails',
    table(['check', 'why'], Object.entries(remarks)),
    '## Checks passed',
    matrix(runs),
  ];
  return `${chapters.join('\n\n')}\n`;
}
