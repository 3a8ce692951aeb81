import { describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import type { ExchangeProfileRecord } from '#libs/contracts/exchange-profile';
import { failedRules } from '#libs/domain/verdict';
import { recordExchangeProfile } from './exchange-profile.js';

const at = '2026-01-01T00:00:00.000Z';
const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const context = (by: Actor = system('membership', at)) => ({ id, by, at, message: 'm' });
const exxtra: ExchangeProfileRecord = {
  partnership: id,
  sourceKey: 'EXXTRA:exchangeProfile',
  welcomePackage: { providedBy: 'each partner', onePer: 'PARTNER', recipients: null, fieldCount: 21, fields: ['Address'] },
};

describe('An exchange profile in an import', () => {
  it('is kept as stated, what is missing as null', () => {
    const { next, facts } = recordExchangeProfile(null, exxtra, context());
    expect(next).toMatchObject({ welcomePackage: { fieldCount: 21 }, hostOrganisations: null, alumniNetwork: null });
    expect(facts).toMatchObject([{ type: 'exchange-profile.recorded.v1', data: { id } }]);
  });

  it('that says nothing new leaves the very same profile', () => {
    const { next } = recordExchangeProfile(null, exxtra, context());
    expect(recordExchangeProfile(next, exxtra, context()).next).toBe(next);
  });

  it('leaves the sections it does not have', () => {
    const { next } = recordExchangeProfile(null, exxtra, context());
    const { welcomePackage: _, ...silent } = exxtra;
    expect(
      recordExchangeProfile(next, { ...silent, alumniNetwork: { purpose: { en: 'contact' }, channels: null } }, context()).next,
    ).toMatchObject({
      welcomePackage: { fieldCount: 21 },
      alumniNetwork: { purpose: { en: 'contact' } },
    });
  });

  it('is recorded by the product itself only', () => {
    const by: Actor = { ...context().by, kind: 'PERSON' };
    expect(failedRules(() => recordExchangeProfile(null, exxtra, context(by)))).toEqual(['EXCHANGE_PROFILE.RECORD.ACTOR']);
  });
});
