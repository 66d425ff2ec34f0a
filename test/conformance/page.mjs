import { NOT_APPLICABLE, REMARKS } from './remarks.mjs';

const INTRODUCTION = `# Conformance

\`npm run conformance\` runs the server scenarios of the public suite of MCP, \`@modelcontextprotocol/conformance\`, and
checks this page, which \`-- -u\` rewrites. There is no list of expected failures: a check that fails, fails the run.

The suite calls tools, resources and prompts with names of its own. [test/conformance](../test/conformance/server.ts)
registers them in place of this project's and opens the HTTP door without sign-in. What the contracts of this project
can express goes the way of every tool, resource and prompt: door, session, check of messages, dispatch, write flow.`;

const count = (checks, status) => checks.filter((check) => check.status === status).length;

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function summary(runs) {
  const rows = runs.map(({ version, revision, scenarios }) => {
    const applicable = Object.entries(scenarios).filter(([name]) => !(name in NOT_APPLICABLE));
    const checks = applicable.flatMap(([, list]) => list);
    return [revision, version, applicable.length, count(checks, 'SUCCESS'), count(checks, 'FAILURE')];
  });
  return table(['revision', 'suite', 'scenarios', 'checks passed', 'failed'], rows);
}

function matrix(runs) {
  const names = [...new Set(runs.flatMap(({ scenarios }) => Object.keys(scenarios)))].sort();
  const cell = (checks) => (checks ? `${count(checks, 'SUCCESS')}` : '');
  const rows = names
    .filter((name) => !(name in NOT_APPLICABLE))
    .map((name) => [name, ...runs.map(({ scenarios }) => cell(scenarios[name]))]);
  return table(['scenario', ...runs.map(({ version, revision }) => `${revision} by ${version}`)], rows);
}

/** @param fixtures those that are not served by the product's own contracts, by what they lack */
export function page(runs, fixtures) {
  const chapters = [
    INTRODUCTION,
    summary(runs),
    `## What stands in

The contracts lack what no tool of this project needs. These fixtures answer at the SDK's server, so what they prove is
the door, the sessions and streams, and the check of messages; not dispatch.`,
    table(
      ['the contracts lack', 'fixtures'],
      fixtures.map(({ lacks, names }) => [lacks, names.map((name) => `\`${name}\``).join(', ')]),
    ),
    '## What does not apply',
    table(['scenario', 'why'], Object.entries(NOT_APPLICABLE)),
    '## What neither passes nor fails',
    table(['check', 'why'], Object.entries(REMARKS)),
    '## Checks passed',
    matrix(runs),
  ];
  return `${chapters.join('\n\n')}\n`;
}
