import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRoutes, isRoute, type RouteName, UNDOCUMENTED } from '../../src/http/undocumented_routes.ts';

const NAMES = Object.keys(UNDOCUMENTED).filter((name): name is RouteName => name in UNDOCUMENTED);
const OF_ONE_ITEM = NAMES.filter((name) => UNDOCUMENTED[name].includes('{id}'));
/** Any Unicode character, without halves of surrogate pairs. */
const character = fc.integer({ min: 0, max: 0x10f7ff }).map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

describe('the table', () => {
  test.each([
    ['MDCA_ROUTE_GET_POLICY', '/cas/api/v1/policies/673723f0c41f0a9e732b0001/'],
    ['MDCA_ROUTE_ENABLE_POLICY', '/cas/api/v1/policies/673723f0c41f0a9e732b0001/enable/'],
    ['MDCA_ROUTE_DISABLE_POLICY', '/cas/api/v1/policies/673723f0c41f0a9e732b0001/disable/'],
    ['MDCA_ROUTE_TAG_APP', '/api/v1/discovery/discovery_app/673723f0c41f0a9e732b0001/add_tag/'],
    ['MDCA_ROUTE_APP_TAGS', '/cas/api/v1/discovery/discovered_apps/tags/'],
  ] as const)('%s is, by default, %s', (name, route) => {
    expect(createRoutes()(name, '673723f0c41f0a9e732b0001')).toBe(route);
  });

  test('holds only templates that are valid as overrides', () => {
    for (const name of NAMES) expect(isRoute(name, UNDOCUMENTED[name])).toBe(true);
  });

  test('an override takes the place of one route and leaves the others', () => {
    const routes = createRoutes({ ...UNDOCUMENTED, MDCA_ROUTE_GET_POLICY: '/api/v2/policy/{id}/view/' });
    expect(routes('MDCA_ROUTE_GET_POLICY', 20595)).toBe('/api/v2/policy/20595/view/');
    expect(routes('MDCA_ROUTE_TAG_APP', 20595)).toBe('/api/v1/discovery/discovery_app/20595/add_tag/');
  });

  test.each(['x/{id}/', '/x/{id}', '/x/{id}/../', '/x/{id}/?a=/'])('%s is not a valid template', (template) => {
    const table = { ...UNDOCUMENTED, MDCA_ROUTE_GET_POLICY: template };
    expect(isRoute('MDCA_ROUTE_GET_POLICY', template)).toBe(false);
    expect(() => createRoutes(table)('MDCA_ROUTE_GET_POLICY', 'a')).toThrow(RangeError);
  });
});

describe.each(OF_ONE_ITEM)('the id in %s', (name) => {
  const route = (id: string) => createRoutes()(name, id);

  test('is one encoded segment, whatever it holds', () => {
    const [before = '', after = ''] = UNDOCUMENTED[name].split('{id}');
    const id = fc.oneof(
      fc.string({ minLength: 1, unit: character }),
      fc.constantFrom('{id}', '$&', '%2e%2e', 'a/../b'),
    );
    fc.assert(
      fc.property(
        id.filter((text) => text !== '.' && text !== '..'),
        (text) => {
          const built = route(text);
          expect(built.startsWith(before) && built.endsWith(after)).toBe(true);
          const own = built.slice(before.length, built.length - after.length);
          expect(own).toMatch(/^[^/?#\\\s]+$/);
          expect(decodeURIComponent(own)).toBe(text);
        },
      ),
    );
  });

  test.each(['', '.', '..'])('cannot be %j', (id) => {
    expect(() => route(id)).toThrow(RangeError);
  });
});
