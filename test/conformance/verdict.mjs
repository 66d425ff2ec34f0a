import { NOT_APPLICABLE, REMARKS } from './remarks.mjs';

const isOdd = ({ status }) => status === 'WARNING' || status === 'SKIPPED';

/** Checks that neither passed nor failed, as `scenario check`. */
function oddChecks(runs) {
  const odd = runs.flatMap(({ scenarios }) =>
    Object.entries(scenarios).flatMap(([scenario, checks]) =>
      checks.filter(isOdd).map(({ id }) => `${scenario} ${id}`),
    ),
  );
  return [...new Set(odd)].sort();
}

/** A sentence for each reason why the runs are not accepted. */
export function problemsOf(runs) {
  const failed = runs.flatMap(({ version, revision, scenarios }) =>
    Object.entries(scenarios).flatMap(([scenario, checks]) => {
      const failures = checks.filter(({ status }) => status === 'FAILURE');
      if (!(scenario in NOT_APPLICABLE)) {
        return failures.map(({ id, errorMessage }) => `${revision} by ${version}: ${scenario} ${id}: ${errorMessage}`);
      }
      return failures.length > 0 ? [] : [`${scenario} passes, so it needs no reason in remarks.mjs.`];
    }),
  );
  const odd = oddChecks(runs);
  const unexplained = odd.filter((check) => !(check in REMARKS)).map((check) => `${check}: remarks.mjs has no reason.`);
  const gone = Object.keys(REMARKS).filter((check) => !odd.includes(check));
  return [...failed, ...unexplained, ...gone.map((check) => `${check}: remarks.mjs has a reason for what passes.`)];
}
