/** The version of package.json; a test compares them. */
export const VERSION = '1.0.0';

/** Product and version for the header `user-agent`; some gateways refuse requests without it. */
export const USER_AGENT = `defender-cloud-apps-mcp/${VERSION}`;
