/** Scenarios that ask for what this server does not have, whose failures say nothing; and why it does not. */
export const NOT_APPLICABLE = {};

/** Checks that neither pass nor fail, by scenario and check, and why. */
export const REMARKS = {
  'server-sse-polling server-sse-retry-field':
    'A hint of when to come back after the server has closed a stream early; this server closes none early.',
};
