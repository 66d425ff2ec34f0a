/** One row of the table of codes: what the code means, what to do, and whether the same call can succeed later. */
export interface CodeRow {
  readonly meaning: string;
  readonly remedy: string;
  readonly retry: 'no' | 'later' | 'safe';
}

/**
 * Every error of a tool call or of reading a resource, with its remedy. The table in docs/errors.md is made from it.
 * HTTP statuses and bodies: docs/defender-api.md 13.1.
 */
export const CODES = {
  invalid_input: {
    meaning: 'An argument is missing, unknown or malformed; no call was made.',
    remedy: 'Correct the named argument and call again.',
    retry: 'no',
  },
  tool_withheld: {
    meaning: 'The tool exists, but this server was started without it.',
    remedy: 'Ask the operator to change MDCA_WRITES, MDCA_TOOLS or MDCA_EXCLUDE_TOOLS.',
    retry: 'no',
  },
  sign_in_failed: {
    meaning: 'This server could not sign in to Entra, so the service has carried out nothing.',
    remedy: 'Check the AZURE_ variables and the application in Entra; the check command tries the sign-in.',
    retry: 'no',
  },
  role_missing: {
    meaning: 'The Entra token of this server lacks the permission that the operation needs; nothing was carried out.',
    remedy: 'Grant the named permission in Entra, give admin consent, and start the server again.',
    retry: 'no',
  },
  unauthorized: {
    meaning: 'The service did not accept the API token (HTTP 401).',
    remedy:
      'Make a new token in the Defender portal (Settings, Cloud Apps, System, API tokens), check that MDCA_API_URL ' +
      'names the same tenant, and start the server again.',
    retry: 'no',
  },
  forbidden: {
    meaning: 'The token is valid but lacks the right for this operation (HTTP 403).',
    remedy:
      'Use a token issued by a user with the role for it: Security reader reads, Security operator also closes ' +
      'alerts, Security administrator also changes policies and tags apps.',
    retry: 'no',
  },
  not_found: {
    meaning: 'The service knows no such item (HTTP 404).',
    remedy: 'Take the id from a fresh list of such items; if the call names no id, check MDCA_API_URL.',
    retry: 'no',
  },
  route_refused: {
    meaning: 'This tenant does not accept the route of the operation (HTTP 405).',
    remedy: 'No other route was tried; check MDCA_API_URL.',
    retry: 'no',
  },
  conflict: {
    meaning: 'The service reports a conflict with the present state (HTTP 409).',
    remedy: 'Read the present state again, then decide what is still needed.',
    retry: 'no',
  },
  rejected: {
    meaning: 'The service rejected the request (another HTTP 4xx).',
    remedy: 'Check ids and values.',
    retry: 'no',
  },
  intercepted: {
    meaning:
      'A gateway, a firewall or a proxy before the service refused the request (HTTP 4xx, and the body is no JSON as ' +
      "the service's would be).",
    remedy:
      'Ask whoever runs the network to let requests to the host of MDCA_API_URL pass. Nobody has judged the token or ' +
      'its rights.',
    retry: 'no',
  },
  throttled: {
    meaning: 'The tenant takes no more calls for now (HTTP 429), or the call budget has none left for some minutes.',
    remedy: 'Wait as long as the message says; a lower MDCA_CALLS_PER_MINUTE avoids an HTTP 429.',
    retry: 'later',
  },
  busy: {
    meaning: 'This client has too many calls open; this one was refused at once, and nothing left for the tenant.',
    remedy:
      'Wait for the answers, or cancel calls that are no longer needed; one call with a larger limit or with many ' +
      'alert_ids takes the place of many.',
    retry: 'later',
  },
  service_error: {
    meaning: 'The service, or a gateway before it, failed inside (HTTP 5xx).',
    remedy: 'Try again in a minute; if it stays, look at the Microsoft 365 service health page.',
    retry: 'later',
  },
  unavailable: {
    meaning: 'The service or a gateway before it is not available (HTTP 502, 503, 504).',
    remedy: 'Try again in a minute.',
    retry: 'later',
  },
  unreachable: {
    meaning: 'No connection could be made, so the request never left (DNS, TCP or TLS).',
    remedy: 'Check MDCA_API_URL, network, proxy (HTTPS_PROXY) and certificates (NODE_EXTRA_CA_CERTS).',
    retry: 'later',
  },
  timeout: {
    meaning: 'The service did not answer in time.',
    remedy: 'Try again, or raise MDCA_REQUEST_TIMEOUT_SECONDS.',
    retry: 'later',
  },
  connection_lost: {
    meaning: 'The connection broke before the whole answer was there.',
    remedy: 'Try again.',
    retry: 'later',
  },
  redirected: {
    meaning: 'The service answered with a redirect (HTTP 3xx), which is never followed: the token goes nowhere else.',
    remedy:
      'Set MDCA_API_URL to the API URL shown in the Defender portal (Settings, Cloud Apps, System, About); if it is ' +
      'that, the network may want a sign-in first.',
    retry: 'no',
  },
  unreadable: {
    meaning: 'The answer is not the JSON that this operation returns.',
    remedy: 'Try again; if it stays, a proxy may answer in place of the service: run the check command.',
    retry: 'later',
  },
  too_large: {
    meaning: 'The answer is larger than 16 MiB and was not read.',
    remedy: 'Look at it in the Defender portal.',
    retry: 'no',
  },
  confirm_refused: {
    meaning: 'The confirm code does not stand for this call, which has written nothing.',
    remedy: 'Leave confirm out to get a plan and a code for these arguments.',
    retry: 'no',
  },
  store_away: {
    meaning:
      'What servers share cannot be used: the Redis of MDCA_REDIS_URL, or the folder beside MDCA_SIGNING_KEY_FILE. ' +
      'Nothing was written.',
    remedy: 'Try again in a minute; if it stays, ask the operator to look at that Redis or folder.',
    retry: 'later',
  },
  answer_refused: {
    meaning: "A person's answer does not belong to this call, or came too late or twice; nothing was written.",
    remedy: 'Read the present state, and call again without an answer if something is left to do.',
    retry: 'no',
  },
  question_open: {
    meaning: 'Another change is still being decided or carried out, so nothing was asked and nothing written.',
    remedy: 'Wait for the answers to the other calls, then call again; one call may name many alerts.',
    retry: 'later',
  },
  audit_failed: {
    meaning: 'The audit trail (MDCA_AUDIT_FILE) could not be written, so nothing was sent.',
    remedy: 'Ask the operator to mend the audit file or its setting; `verify-audit` tells whether a file is whole.',
    retry: 'no',
  },
  cancelled: {
    meaning: 'The client cancelled the call.',
    remedy: 'Call again if the answer is still needed.',
    retry: 'safe',
  },
  internal: {
    meaning: 'A defect of this server.',
    remedy: 'Report it with the log lines on stderr.',
    retry: 'no',
  },
} as const satisfies Record<string, CodeRow>;

export type Code = keyof typeof CODES;
