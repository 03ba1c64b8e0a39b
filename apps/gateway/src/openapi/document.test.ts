import { expect, test } from 'vitest';
import { buildOpenApi } from './document.ts';
import { ROUTES } from '../routes/index.ts';

type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
  }[];
  readonly responses: Readonly<Record<string, object>>;
};

const document = buildOpenApi('1.2.3') as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

test('has every route and nothing else', () => {
  const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = ROUTES.map((route) => `${route.method} ${route.path}`);
  expect(listed.toSorted()).toEqual(routes.toSorted());
});

test('gives every operation a name of its own', () => {
  const names = ROUTES.map((route) => route.name);
  expect(new Set(names).size).toBe(names.length);
});

test('declares exactly the parameters that its paths have', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    for (const { parameters = [] } of Object.values(operations)) {
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name)).toEqual(inPath);
      expect(declared.every((parameter) => parameter.required)).toBe(true);
    }
  }
});

test('is plain JSON', () => {
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});
