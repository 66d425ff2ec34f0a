import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/cli/command_line.ts';
import { helpText, settingRows } from '../../src/cli/help.ts';
import { AZURE_SETTINGS } from '../../src/config/entra_settings.ts';
import { settings } from '../../src/config/settings.ts';

const PORT = '--port must be a number from 0 to 65535.';
const line = (...argv: string[]) => readCommandLine(argv);
const says = (read: ReturnType<typeof line>, problem: string) => 'problems' in read && read.problems.includes(problem);
const ALL = [...settings, ...Object.values(AZURE_SETTINGS)];
const FLAGS = settingRows.flatMap(({ flag }) => (flag === '' ? [] : [flag]));

describe('commands', () => {
  test('without a command it is serve, with every switch off', () => {
    expect(line()).toMatchObject({ value: { command: 'serve', demo: false, help: false, version: false, port: 0 } });
  });

  test.each(['serve', 'check', 'emulator'])('%s is a command, with and without a switch', (command) => {
    expect(line(command)).toMatchObject({ value: { command } });
    expect(line('--demo', command)).toMatchObject({ value: { command, demo: true } });
  });

  test.each([
    ['chek', /^Unknown command.*; did you mean check\?$/],
    ['emulate', /^Unknown command.*; did you mean emulator\?$/],
    ['xyzzyxyzzy', /^Unknown command[^;]*\.$/],
  ])('%s is unknown', (word, problem) => {
    expect(line(word)).toEqual({ problems: [expect.stringMatching(problem)] });
  });

  test('only one is accepted', () => {
    expect(line('check', 'serve')).toEqual({ problems: ['There is one command at most.'] });
  });
});

describe('flags', () => {
  test.each([
    [['--demo'], { demo: true }],
    [['--help'], { help: true }],
    [['-h'], { help: true }],
    [['--version'], { version: true }],
    [['-v'], { version: true }],
  ])('%j is a switch', (argv, value) => {
    expect(line(...argv)).toMatchObject({ value });
  });

  test.each(FLAGS)('%s takes its value after a space or an equals sign', (flag) => {
    const expected = { value: { flags: { [flag.slice(2)]: 'a=b c' } } };
    expect(line(flag, 'a=b c')).toMatchObject(expected);
    expect(line(`${flag}=a=b c`)).toMatchObject(expected);
    expect(line('check', flag, 'a=b c')).toMatchObject(expected);
  });

  test.each([...FLAGS, '--port'])('%s needs a value', (flag) => {
    expect(line('emulator', flag)).toEqual({ problems: [`${flag} needs a value.`] });
  });

  // Otherwise `--allow-hosts --writes=off` would serve with writes on, and say nothing.
  test('a flag does not take the next flag for its value', () => {
    const greedy = [...FLAGS, '--port'].filter((flag) => !says(line(flag, '--writes=off'), `${flag} needs a value.`));
    expect(greedy, 'flags that src/cli/command_line.ts lets take the next flag').toEqual([]);
  });

  // Otherwise `--demo=true` would serve the real tenant to someone who asked for the demo.
  test('a switch with a value is refused or on, never silently off', () => {
    const off = ['demo', 'help', 'version'].filter((name) => {
      const read = line(`--${name}=true`);
      return 'value' in read && !new Map<string, unknown>(Object.entries(read.value)).get(name);
    });
    expect(off, 'switches that src/cli/command_line.ts leaves off').toEqual([]);
  });

  test.each([
    ['--write=off', 'Unknown flag "--write"; did you mean --writes?'],
    ['--exclude-tool=x', 'Unknown flag "--exclude-tool"; did you mean --exclude-tools?'],
    ['--dem', 'Unknown flag "--dem"; did you mean --demo?'],
    ['--no-demo', expect.stringContaining('Unknown flag "--no-demo"')],
    ['-x', expect.stringMatching(/^Unknown flag "--?x"/)],
  ])('%s is unknown', (flag, problem) => {
    expect(line(flag)).toEqual({ problems: [problem] });
  });

  test('all problems are reported at once', () => {
    const read = line('emulator', '--nonsense', '--port=x', '--tools');
    expect(read).toEqual({ problems: [expect.stringContaining('argument 2'), '--tools needs a value.', PORT] });
  });
});

test.each([
  ['port', 'emulator', ['--port', '8080'], '--port belongs to the command emulator; --http 8080 serves over HTTP.'],
  ['client', 'setup', ['--client', 'cursor'], '--client belongs to the command setup.'],
  ['print', 'setup', ['--print'], '--print belongs to the command setup.'],
  ['yes', 'setup', ['--yes'], '--yes belongs to the command setup.'],
])('--%s is for %s alone', (_flag, owner, flags, problem) => {
  expect(line(...flags)).toEqual({ problems: [problem] });
  expect(line('check', ...flags)).toHaveProperty('problems');
  expect(line(owner, ...flags)).toHaveProperty('value');
});

describe('--port', () => {
  test.each([
    ['0', 0],
    ['8080', 8080],
    ['65535', 65_535],
  ])('%s is a port', (text, port) => {
    expect(line('emulator', '--port', text)).toMatchObject({ value: { command: 'emulator', port } });
    expect(line(`--port=${text}`, 'emulator')).toMatchObject({ value: { command: 'emulator', port } });
  });

  test.each(['65536', '-1', '1.5', 'http', '99999999999'])('%s is not a port', (text) => {
    expect(line('emulator', `--port=${text}`)).toEqual({ problems: [PORT] });
  });
});

describe('the token has no flag', () => {
  const SECRET = 'f3a9c0ffee0123456789';

  test.each([
    [['--api-token', SECRET]],
    [[`--api-token=${SECRET}`]],
    [['serve', '--api-token', SECRET]],
    [['--demo', '--token', SECRET]],
  ])('%j is refused, and its value is not repeated', (argv) => {
    const read = line(...argv);
    expect(read).toEqual({
      problems: expect.arrayContaining([expect.stringMatching(/^Unknown flag "--(api-)?token"/)]),
    });
    expect(JSON.stringify(read)).not.toContain(SECRET);
  });

  test('and neither the flags nor the help list one for it', () => {
    expect(FLAGS).not.toContain('--api-token');
    expect(settingRows.find(({ name }) => name === 'MDCA_API_TOKEN')).toMatchObject({ flag: '' });
  });
});

test('any command line is read or refused', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--', '-', '-h', '--demo', 'check', '--port', '--port=1', '--writes', '--=', '---', '=', ...FLAGS),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (argv) => {
      const read = line(...argv);
      if ('problems' in read) expect(read.problems.length).toBeGreaterThan(0);
      else expect(['serve', 'check', 'emulator']).toContain(read.value.command);
    }),
  );
});

describe('the help', () => {
  const help = helpText();

  test.each(settingRows)('names $name, its flag and its default', ({ name, flag, fallback, description }) => {
    const facts = [flag, fallback && `default ${fallback}`].filter(Boolean).join(', ');
    expect(help).toContain(`  ${name}${facts && ` (${facts})`}\n      ${description}`);
  });

  test('has every setting, command and switch', () => {
    expect(settingRows.map(({ name }) => name)).toEqual(ALL.map(({ name }) => name));
    for (const word of ['serve', 'check', 'emulator', '--demo', '--port', '--help', '--version']) {
      expect(help).toContain(word);
    }
  });
});
