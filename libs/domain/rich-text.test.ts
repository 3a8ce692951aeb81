import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Prose } from '#libs/contracts/file-parts';
import { Text, TextPatch } from '#libs/contracts/values';
import { sanitized, withoutScripts } from './rich-text.js';

describe('A text', () => {
  it.each(['R&D', '< 250 employees', 'a < b > c', 'Ö & "quotes"'])('without markup stays as it is: %s', (text) => {
    expect(sanitized(text)).toBe(text);
  });

  it('keeps what it is set in, and nothing that runs or loads', () => {
    expect(sanitized('<p class="x">R&D <strong>now</strong></p><img src=x onerror=alert(1)>')).toBe('<p>R&amp;D <strong>now</strong></p>');
    expect(sanitized('<script>alert(1)</script><style>p{}</style>ok')).toBe('ok');
    expect(sanitized('<a href="javascript:alert(1)">x</a><a href="https://a.example/" onclick="y()">y</a>')).toBe(
      '<a>x</a><a href="https://a.example/">y</a>',
    );
    expect(sanitized(sanitized('<p>&lt;script&gt; R&D</p>'))).toBe(sanitized('<p>&lt;script&gt; R&D</p>'));
  });

  it('is found wherever the shape says that one stands; an address is none', () => {
    const Shape = z.object({
      summary: TextPatch.nullable().optional(),
      parts: z.array(z.object({ text: Text, url: z.string() })),
      either: z.union([Prose, z.object({ name: z.string() })]),
    });
    const bad = '<i>x</i><script>y</script>';
    const said = { summary: { en: bad, fr: null }, parts: [{ text: { de: bad }, url: bad }], either: { en: bad } };
    expect(withoutScripts(Shape, said)).toEqual({
      summary: { en: '<i>x</i>', fr: null },
      parts: [{ text: { de: '<i>x</i>' }, url: bad }],
      either: { en: '<i>x</i>' },
    });
    expect(withoutScripts(Shape, { ...said, either: { name: bad } })).toMatchObject({ either: { name: bad } });
  });
});
