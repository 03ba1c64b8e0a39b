import { expect, test } from 'vitest';
import { renderKey } from './render-key.ts';

test('puts the values of parameters into a key; one that was left out is empty', () => {
  const parameters = {
    id: { kind: 'integer', value: '7' },
    region: { kind: 'null' },
  } as const;
  expect(renderKey('customer-${{ params.id }}/${{params.region}}!', parameters)).toBe(
    'customer-7/!',
  );
  expect(renderKey('warehouse', parameters)).toBe('warehouse');
});
