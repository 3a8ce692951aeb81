/** Integer cents of one currency (ISO 4217): no fraction of a cent ever exists. */
export interface Money {
  readonly cents: number;
  readonly currency: string;
}

/** Throws RangeError for a fraction of a cent and for what is no code of ISO 4217. */
export function money(cents: number, currency = 'EUR'): Money {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`${cents} is not a whole number of cents.`);
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`"${currency}" is not a currency code of ISO 4217.`);
  return { cents, currency };
}

/** Throws RangeError for two currencies, and for a sum that is no safe integer any more. */
export function add(a: Money, b: Money): Money {
  return money(a.cents + sameCurrency(a, b).cents, a.currency);
}

/** As `add`; what is taken away may be more than there is: then the rest is negative. */
export function subtract(a: Money, b: Money): Money {
  return money(a.cents - sameCurrency(a, b).cents, a.currency);
}

/** The odd cent is dropped, so that two halves are never more than the whole: half of 7 cents is 3, of -7 cents -3. */
export function half({ cents, currency }: Money): Money {
  return money(Math.trunc(cents / 2) + 0, currency);
}

/** Negative when `a` is less than `b`, for sorting. */
export function compareMoney(a: Money, b: Money): number {
  return a.cents - sameCurrency(a, b).cents;
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} are different currencies.`);
  return b;
}
