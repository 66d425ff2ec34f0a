/** Longest piece of code in a cell. */
const LONGEST = 90;

/**
 * docs/mutation.md.
 * @param data docs/mutation.json
 * @param rooms rooms.json
 * @param reasons survivors.json: entries of that data with a reason why the mutant may survive; not by line, as lines move
 */
export function page(data, rooms, reasons) {
  const known = Object.keys(rooms).filter((name) => name in data);
  return [
    '# Mutation testing',
    '',
    'Stryker changes one expression of a room at a time and runs the tests of that room; a change that no test notices',
    'survives. `npm run mutation -- ROOM` does it for one room and rewrites this page; it is no part of CI.',
    '',
    ...table(
      ['room', 'score', 'killed', 'timed out', 'survived', 'not reached', 'explained', 'minutes', 'date', 'command'],
      known.map((name) => scoreRow(name, data[name], reasons)),
    ),
    '',
    'A mutant that times out is a mutant that was noticed. The score is what was noticed of all; what is explained below',
    'still counts against it.',
    ...known.flatMap((name) => chapter(name, data[name], rooms[name], reasons)),
    '',
  ].join('\n');
}

function scoreRow(name, { date, seconds, counts, survivors }, reasons) {
  const { killed, timeout, survived, uncovered } = counts;
  const score = (100 * (killed + timeout)) / (killed + timeout + survived + uncovered);
  const explained = survivors.filter((mutant) => reasonOf(mutant, reasons) !== undefined).length;
  const minutes = (seconds / 60).toFixed(1);
  const command = `\`npm run mutation -- ${name}\``;
  return [name, `${score.toFixed(1)} %`, killed, timeout, survived, uncovered, explained, minutes, date, command];
}

function chapter(name, { survivors }, { mutate, tests }, reasons) {
  const list = (globs) => globs.map((glob) => `\`${glob}\``).join(', ');
  return [
    '',
    `## ${name}`,
    '',
    `${list(mutate)}, by the tests in ${list(tests)}.`,
    ...(survivors.length === 0 ? ['', 'Nothing survived.'] : ['', ...survivorTable(survivors, reasons)]),
  ];
}

function survivorTable(survivors, reasons) {
  const rows = survivors.map((mutant) => {
    const change = `${code(mutant.original)} → ${code(mutant.replacement)}`;
    return [`${mutant.file}:${mutant.line}`, mutant.kind, change, reasonOf(mutant, reasons) ?? ''];
  });
  return table(['where', 'kind', 'mutation', 'why it may survive'], rows);
}

/** Reasons for what does not survive any more, or reads otherwise now. */
export function idleReasons(data, reasons) {
  const survivors = Object.values(data).flatMap((room) => room.survivors);
  return reasons.filter((reason) => !survivors.some((mutant) => isFor(reason, mutant)));
}

function reasonOf(mutant, reasons) {
  return reasons.find((each) => isFor(each, mutant))?.reason;
}

function isFor(reason, mutant) {
  return ['file', 'text', 'original', 'replacement'].every((member) => reason[member] === mutant[member]);
}

function code(text) {
  if (text === '') return 'nothing';
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const escaped = short.replaceAll('|', '\\|');
  return escaped.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
