import { describe, expect, it } from '@jest/globals';
import { wantedForm } from './accepted.js';

const offered = ['text/csv', 'application/x-table'];

describe('The form an answer is wanted in', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['*/*', null],
    ['application/json', null],
    ['text/html, application/xhtml+xml;q=0.9, */*;q=0.8', null],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['application/x-table, */*;q=0.1', 'application/x-table'],
    ['text/csv;q=0.5, application/x-table', 'application/x-table'],
    ['text/csv;q=0.5, application/json', null],
    ['application/json;q=0.4, text/csv;q=0.5', 'text/csv'],
    ['text/csv;q=0', null],
    ['text/csv;q=none', null],
    ['image/png', null],
  ])('of %j is %j', (header, form) => {
    expect(wantedForm(header, offered)).toBe(form);
  });
});
