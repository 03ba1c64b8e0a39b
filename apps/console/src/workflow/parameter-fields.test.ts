import { describe, expect, test } from 'vitest';
import { parameterFields, readForm } from './parameter-fields.ts';

const document = {
  params: {
    since: {
      type: 'date',
      default: { kind: 'date', value: '2001-01-01' },
      description: 'First day.',
    },
    minutes: { type: 'integer', default: { kind: 'integer', value: '15' } },
    dry: { type: 'boolean', default: { kind: 'boolean', value: 'false' } },
    region: {
      type: 'string',
      enum: [
        { kind: 'string', value: 'north' },
        { kind: 'string', value: 'south' },
      ],
    },
  },
};
const fields = parameterFields(document);

test('parameterFields reads them in the order of the document', () => {
  expect(fields.map(({ name, fallback }) => [name, fallback])).toEqual([
    ['since', '2001-01-01'],
    ['minutes', '15'],
    ['dry', 'false'],
    ['region', undefined],
  ]);
  expect(fields[3]?.choices).toEqual(['north', 'south']);
  expect(parameterFields(undefined)).toEqual([]);
  expect(parameterFields({ params: ['odd'] as never })).toEqual([]);
});

describe('readForm', () => {
  test('gives values their types and leaves defaults to the server', () => {
    const values = { minutes: '30', dry: 'true', region: '<img onerror=x>', since: '' };
    expect(readForm(fields, values)).toEqual({
      kind: 'read',
      parameters: { minutes: 30, dry: true, region: '<img onerror=x>' },
    });
  });

  test('names every field that is wrong or missing', () => {
    const read = readForm(fields, { minutes: 'many', dry: 'yes' });
    expect(read).toMatchObject({ kind: 'wrong' });
    expect(Object.keys(read.kind === 'wrong' ? read.problems : {})).toEqual([
      'minutes',
      'dry',
      'region',
    ]);
  });

  test('keeps whole numbers exact that JSON could not hold', () => {
    const big = '9007199254740993';
    expect(readForm(fields, { minutes: big, region: 'north' })).toMatchObject({
      parameters: { minutes: big },
    });
  });
});
