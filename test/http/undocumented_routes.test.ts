import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRoutes, isRoute, routeNames, UNDOCUMENTED } from '../../src/http/undocumented_routes.ts';

const OF_ONE_ITEM = routeNames.filter((name) => UNDOCUMENTED[name].path.includes('{id}'));
/** Any character, which half a surrogate pair is not. */
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

  test('holds nothing that an override could not be', () => {
    for (const name of routeNames) expect(isRoute(name, UNDOCUMENTED[name].path)).toBe(true);
  });

  test('an override takes the place of one route and leaves the others', () => {
    const routes = createRoutes(new Map([['MDCA_ROUTE_GET_POLICY', '/api/v2/policy/{id}/view/']]));
    expect(routes('MDCA_ROUTE_GET_POLICY', 20595)).toBe('/api/v2/policy/20595/view/');
    expect(routes('MDCA_ROUTE_TAG_APP', 20595)).toBe('/api/v1/discovery/discovery_app/20595/add_tag/');
  });

  test('names its routes in its order', () => {
    expect(routeNames).toEqual(Object.keys(UNDOCUMENTED));
  });

  test('an override names one item where its default does, and none where that does not', () => {
    expect(isRoute('MDCA_ROUTE_GET_POLICY', '/x/{id}/')).toBe(true);
    expect(isRoute('MDCA_ROUTE_GET_POLICY', '/x/')).toBe(false);
    expect(isRoute('MDCA_ROUTE_APP_TAGS', '/x/')).toBe(true);
    expect(isRoute('MDCA_ROUTE_APP_TAGS', '/x/{id}/')).toBe(false);
  });

  test.each(['x/{id}/', '/x/{id}', '/x/{id}/../', '/x/{id}/?a=/'])('%s is no route', (template) => {
    const table = new Map([['MDCA_ROUTE_GET_POLICY', template]] as const);
    expect(isRoute('MDCA_ROUTE_GET_POLICY', template)).toBe(false);
    const route = () => createRoutes(table)('MDCA_ROUTE_GET_POLICY', 'a');
    expect(route).toThrow(new RangeError('MDCA_ROUTE_GET_POLICY is not a path'));
  });
});

describe.each(OF_ONE_ITEM)('the id in %s', (name) => {
  const route = (id: string) => createRoutes()(name, id);

  test('is one encoded segment, whatever it holds', () => {
    const [before = '', after = ''] = UNDOCUMENTED[name].path.split('{id}');
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
