import { readFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { listing } from '../src/listing.ts';
import { ROOT } from './process.ts';

const read = (file: string) => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'));

/** What every start and every conversation pays; each has its ceiling in one file. */
test('nothing has grown over its ceiling', () => {
  const { ceilings, start_packages } = read('test/ceilings.json');
  const bundle = read('dist/bundle.json');
  const tools = listing.map(({ face }) => face);
  const facts: Record<string, number> = {
    start_files: bundle.start_files,
    start_bytes: bundle.start_bytes,
    start_modules: bundle.start_modules,
    all_bytes: bundle.all_bytes,
    tools_list_tokens: countTokens(JSON.stringify({ tools })),
  };
  expect(Object.keys(ceilings)).toEqual(Object.keys(facts));
  for (const [fact, value] of Object.entries(facts)) {
    expect(value, `${fact} is ${value}`).toBeLessThanOrEqual(ceilings[fact]);
  }
  expect(bundle.start_packages).toEqual(start_packages);
});

test('the bundle lists what the sources list', async () => {
  const main = readFileSync(`${ROOT}dist/main.js`, 'utf8');
  for (const { face } of listing) expect(main).toContain(face.title);
});
