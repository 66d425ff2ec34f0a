import type { EntraConfig } from '../config/entra_settings.ts';
import { namesOf, readClaims } from './claims.ts';
import { isCovered, permissionsOfTool } from './permissions.ts';

const PROOFS: Readonly<Record<EntraConfig['proof']['kind'], string>> = {
  secret: 'by a client secret',
  certificate: 'by a certificate',
  federated_token: 'by the token of a workload identity',
  managed_identity: 'as a managed identity',
  device: 'by a code that a person has confirmed',
};

/** Who has signed in, with which permissions, and what those leave out; for a person. */
export function signInReport(token: string, { proof }: EntraConfig, tools: readonly string[]): string {
  const { granted, application, person, tenant } = readClaims(token);
  const who = [person, application && `application ${application}`, tenant && `directory ${tenant}`];
  const lines = [
    `Signed in ${PROOFS[proof.kind]}: ${who.filter(Boolean).join(', ') || 'the token does not say as whom'}.`,
  ];
  if (granted) lines.push(`Permissions: ${namesOf(granted)}.`, ...missingLines(granted, tools));
  else lines.push('The token does not say what it permits.');
  const uncovered = tools.filter((tool) => !permissionsOfTool(tool));
  if (uncovered.length > 0) {
    lines.push(`No documented permission covers ${uncovered.join(', ')}: whether they work shows when they are used.`);
  }
  return lines.join('\n');
}

/** A line for each permission that is missing, with the tools that need it. */
function missingLines(granted: readonly string[], tools: readonly string[]): string[] {
  const byNeed = new Map<string, string[]>();
  for (const tool of tools) {
    const anyOf = permissionsOfTool(tool);
    if (!anyOf || isCovered(anyOf, granted)) continue;
    const need = anyOf.join(' or ');
    byNeed.set(need, [...(byNeed.get(need) ?? []), tool]);
  }
  return [...byNeed].map(([need, needing]) => `Missing: ${need}, for ${needing.join(', ')}.`);
}
