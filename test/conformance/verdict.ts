import type { Check, Run } from './suite.ts';

/** What a check or a scenario is, by its name, and why. */
type Reasons = Readonly<Record<string, string>>;

interface Given {
  /** Scenarios that ask for what this server does not have. */
  readonly notApplicable: Reasons;
  /** Checks that neither pass nor fail, each as `scenario check`. */
  readonly remarks: Reasons;
}

/** A sentence for each reason why the runs are not accepted. */
export function problemsOf(runs: readonly Run[], { notApplicable, remarks }: Given): string[] {
  const scenarios = runs.flatMap(scenariosOf);
  const applicable = scenarios.filter(({ name }) => !(name in notApplicable));
  const failing = scenarios.filter(({ checks }) => checks.some(isFailure)).map(({ name }) => name);
  const odd = applicable.flatMap(({ name, checks }) => checks.filter(isOdd).map(({ id }) => `${name} ${id}`));
  return [
    ...applicable.flatMap(failuresOf),
    ...without(Object.keys(notApplicable), failing).map((name) => `${name} fails nowhere, but has a reason to.`),
    ...without(odd, Object.keys(remarks)).map((check) => `${check} neither passes nor fails, and nothing says why.`),
    ...without(Object.keys(remarks), odd).map((check) => `${check} has a remark, but passes or is not made.`),
  ];
}

interface Scenario {
  readonly run: Run;
  readonly name: string;
  readonly checks: readonly Check[];
}

function scenariosOf(run: Run): Scenario[] {
  return Object.entries(run.scenarios).map(([name, checks]) => ({ run, name, checks }));
}

function failuresOf({ run: { version, revision }, name, checks }: Scenario): string[] {
  return checks
    .filter(isFailure)
    .map(({ id, errorMessage }) => `${revision} by ${version}: ${name} ${id}: ${errorMessage}`);
}

function isFailure({ status }: Check): boolean {
  return status === 'FAILURE';
}

function isOdd({ status }: Check): boolean {
  return status === 'WARNING' || status === 'SKIPPED';
}

function without(list: readonly string[], others: readonly string[]): string[] {
  return [...new Set(list)].filter((each) => !others.includes(each));
}
