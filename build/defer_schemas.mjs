import { parseAst } from 'rolldown/parseAst';

/** Where the SDK makes all schemas of the protocol, some 150, of which a conversation uses few. */
const PROTOCOL = /\/sdk\/dist\/esm\/types\.js$/;

const ONCE = 'const once = (make) => { let made; return () => (made ??= make()); };\n';

/**
 * Makes each schema of the protocol when it is first used, as most of a start was their making: a schema becomes a
 * function that returns it, and each mention of it a call.
 * @param id path of the module, with forward slashes. @returns null where no schema is mentioned
 */
export function deferSchemas(code, id) {
  const isProtocol = PROTOCOL.test(id);
  const { body } = parseAst(code);
  const schemas = new Set(body.flatMap(isProtocol ? declared : imported));
  if (schemas.size === 0) return null;
  const edits = [...mentions(body, schemas, id), ...(isProtocol ? body.flatMap(deferral) : [])];
  return (isProtocol ? ONCE : '') + edited(code, edits);
}

/** The schema that a statement declares, exported or not. */
function declared(statement) {
  return declarationsOf(statement).flatMap(({ id }) => (isSchema(id.name) ? [id.name] : []));
}

function declarationsOf({ declaration, declarations = [] }) {
  return declaration?.declarations ?? declarations;
}

function imported({ type, source, specifiers }) {
  if (type !== 'ImportDeclaration' || !/\btypes\.js$/.test(source.value)) return [];
  return specifiers.map(({ local }) => local.name).filter(isSchema);
}

function isSchema(name) {
  return name.endsWith('Schema');
}

/** `XSchema` → `XSchema()` */
function mentions(node, schemas, id) {
  return Object.entries(node).flatMap(([key, value]) =>
    [value].flat().flatMap((child) => {
      if (typeof child?.type !== 'string' || /^(Import|Export.*Specifier)/.test(child.type)) return [];
      const isMention = child.type === 'Identifier' && schemas.has(child.name) && !isDeclared(node, key);
      if (isMention && isName(node, key)) throw new Error(`${id} uses ${child.name} as a name`);
      return isMention ? [[child.end, '()']] : mentions(child, schemas, id);
    }),
  );
}

function isDeclared({ type }, key) {
  return type === 'VariableDeclarator' && key === 'id';
}

function isName({ shorthand, computed }, key) {
  return shorthand || key === 'params' || (!computed && (key === 'property' || key === 'key'));
}

/** `const X = …` → `const X = once(() => …)` */
function deferral(statement) {
  if (declared(statement).length === 0) return [];
  const [{ init }] = declarationsOf(statement);
  return [
    [init.start, '/* @__PURE__ */ once(() => '],
    [init.end, ')'],
  ];
}

/** @param edits pairs of a place and what to insert there; of two at one place the first comes first */
function edited(code, edits) {
  const sorted = edits.toSorted(([one], [other]) => one - other);
  const parts = sorted.map(([place, text], n) => code.slice(sorted[n - 1]?.[0] ?? 0, place) + text);
  return [...parts, code.slice(sorted.at(-1)?.[0] ?? 0)].join('');
}
