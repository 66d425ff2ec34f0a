/** What a browser shows at `/`: what this is, and how a client connects. @param url of the MCP endpoint */
export function pageOf(url: string, needsSignIn: boolean): string {
  const signIn = needsSignIn
    ? '<p>Callers sign in: with an API key in the header <code>Authorization: Bearer …</code> or ' +
      '<code>X-API-Key</code>, or with an access token, as this server is set up.</p>'
    : '<p>Nobody signs in: this address can be reached from this machine only.</p>';
  const at = escaped(url);
  const title = 'Microsoft Defender for Cloud Apps, as an MCP server';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui;max-width:42em;margin:3em auto;padding:0 1em}code{font-size:.95em}</style>
<h1>${title}</h1>
<p>This is an address for AI agents, not for people. An agent that speaks the Model Context Protocol connects to</p>
<p><code>${at}</code></p>
<p>by Streamable HTTP. For example in Claude Code: <code>claude mcp add --transport http mdca ${at}</code>; in VS Code:
the command <i>MCP: Add Server</i>, then <i>HTTP</i>; in Copilot Studio: <i>Tools, Add a tool, Model Context
Protocol</i>.</p>
${signIn}
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
