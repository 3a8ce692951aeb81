import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Email } from './values.js';

describe('An address of mail', () => {
  it.each(['ada@example.org', `${'a'.repeat(64)}@example.org`])('is %s', (address) => {
    expect(Email.parse(address)).toBe(address);
  });

  it.each(['ada', 'ada@example', '.ada@example.org', `${'a'.repeat(65)}@example.org`])('is not %s', (address) => {
    expect(Email.safeParse(address).success).toBe(false);
  });

  it('is told as such in documents', () => {
    expect(z.toJSONSchema(Email)).toMatchObject({ type: 'string', format: 'email', maxLength: 254 });
  });
});
