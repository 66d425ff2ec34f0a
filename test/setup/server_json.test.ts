import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { SETTINGS } from '../../src/config/settings.ts';
import { serverJson } from '../../src/setup/server_json.ts';
import { ROOT } from '../process.ts';

const facts = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));

/** What the registry takes, of what it documents (schema 2025-12-11): a package from npm that speaks over stdio. */
const Variable = z.strictObject({
  name: z.string().regex(/^MDCA_[A-Z_]+$/),
  description: z.string().min(1),
  format: z.enum(['string', 'number', 'boolean', 'filepath']),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  default: z.string().optional(),
});

const ServerJson = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  packages: z
    .array(
      z.strictObject({
        registryType: z.literal('npm'),
        registryBaseUrl: z.literal('https://registry.npmjs.org'),
        identifier: z.literal(facts.name),
        version: z.literal(facts.version),
        runtimeHint: z.literal('npx'),
        transport: z.strictObject({ type: z.literal('stdio') }),
        environmentVariables: z.array(Variable),
      }),
    )
    .length(1),
});

test('server.json has the form that the registry documents, and the name that proves who owns the package', () => {
  const entry = ServerJson.parse(serverJson(facts));
  expect(entry).toMatchObject({ name: facts.mcpName, version: facts.version });
  const variables = entry.packages.flatMap(({ environmentVariables }) => environmentVariables);
  expect(variables.map(({ name }) => name)).toEqual(Object.values(SETTINGS).map(({ name }) => name));
  const named = (member: 'isSecret' | 'isRequired') => variables.filter((each) => each[member]).map(({ name }) => name);
  expect(named('isSecret')).toEqual(['MDCA_API_TOKEN']);
  expect(named('isRequired')).toEqual(['MDCA_API_URL', 'MDCA_API_TOKEN']);
});
