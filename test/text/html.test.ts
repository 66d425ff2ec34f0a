import { describe, expect, test } from 'vitest';
import { toText, withoutMarkup } from '../../src/text/html.ts';

describe('a tag', () => {
  test.each(['a', 'b', 'span', 'ruby', 's', 'samp', 'strong', 'u', 'var', 'wbr'])(
    '%s stands inside a line, and nothing takes its place',
    (name) => {
      expect(toText(`one<${name}>two</${name}>three`)).toBe('onetwothree');
    },
  );

  test.each(['address', 'br', 'button', 'canvas', 'center', 'col', 'footer', 'form', 'frame', 'frameset', 'input'])(
    '%s ends a line',
    (name) => {
      expect(toText(`one<${name}>two`)).toBe('one two');
    },
  );

  test.each(['math', 'menu', 'menuitem', 'search', 'section', 'svg', 'table', 'ul', 'video', 'xmp'])(
    '%s ends a line, too',
    (name) => {
      expect(toText(`one<${name}>two`)).toBe('one two');
    },
  );

  test.each(['iframe', 'noembed', 'noframes', 'noscript', 'object', 'script', 'style', 'template', 'title'])(
    '%s hides what it holds',
    (name) => {
      expect(toText(`one<${name}>two<b>three</b></${name}>four`)).toBe('one  four');
    },
  );

  test.each(['alice', 'int', 'constructor'])('of no element is what somebody wrote: <%s>', (name) => {
    expect(toText(`one<${name}>two</${name}>`)).toBe(`one‹${name}›two‹/${name}›`);
  });

  test.each(['one <b', 'one </b', 'one <i title="x', 'one <Script\nx'])('that does not end is kept: %j', (html) => {
    expect(toText(html)).toBe(html.replace('<', '‹'));
  });
});

describe('a hidden element that never ends', () => {
  test('shows what follows it, without what it would have hidden there', () => {
    expect(toText('one<style>two<b>three</b>')).toBe('one twothree');
    expect(toText('one<script>two<style>three')).toBe('one two three');
  });
});

describe('a script', () => {
  test('ends where a browser ends it, also with another inside its comment', () => {
    expect(toText('one<script><!--<script></script>two--></script>three')).toBe('one  three');
  });

  test('is the only element of which that is true', () => {
    expect(toText('one<style><!--<script></style>two')).toBe('one  two');
  });
});

describe('a comment', () => {
  test.each([
    '<!-- x -->',
    '<!-- x --!>',
    '<!---->',
    '<!DOCTYPE html>',
    '<!x>',
    '<?xml version="1"?>',
    '<!-- a\nb -->',
  ])('that ends is gone: %j', (comment) => {
    expect(toText(`one${comment}two`)).toBe('onetwo');
  });

  test.each(['<!-- x', '<!-- x --', '<!x', '<?x', '</3 x', '</3 x>', '</3 <!x>'])(
    'that would hide too much is kept: %j',
    (text) => {
      expect(toText(`one ${text}`)).toBe(`one ${text.replaceAll('<', '‹').replace('>', '›')}`);
    },
  );
});

test('entities are decoded once', () => {
  expect(toText('&lt;b&gt; &amp;lt; &eacute;')).toBe('<b> &lt; é');
});

test('what is no HTML any more has look-alikes in its place', () => {
  expect(withoutMarkup('<b>&amp;</b> & <')).toBe('‹b›＆amp;‹/b› ＆ ‹');
});
