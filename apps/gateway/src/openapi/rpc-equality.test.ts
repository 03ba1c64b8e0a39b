/** REST says all that gRPC says: every method has its route, and every field of its request a place in it. */
import { describeApi } from '@floe/rpc';
import { expect, test } from 'vitest';
import { ROUTES } from '../routes/index.ts';
import { PUBLIC_SERVICES, methodOfRoute, requestOf, responseOf } from './rpc-of-route.ts';

const api = describeApi();

/** What has no route, and why. */
const WITHOUT_ROUTES: Readonly<Record<string, string>> = {
  'floe.v1.ExecutorService': 'each executor answers for itself; the list has their addresses',
  'floe.internal.v1.ArtifactService': 'workers only',
  'floe.internal.v1.AttemptService': 'executors only',
  'floe.internal.v1.ConnectionService': 'executors only, for it gives out secrets',
  'floe.internal.v1.RecordService': 'executors only, for what their attempts record',
  'floe.internal.v1.LoadService': 'schedulers only',
  'floe.internal.v1.LegacyService': 'the routes under /legacy/ ask it',
  'grpc.health.v1.Health': '/readyz asks it',
  'grpc.reflection.v1.ServerReflection': '/api/openapi.json is its twin',
  'grpc.reflection.v1alpha.ServerReflection': '/api/openapi.json is its twin',
};

test('every service is public or has a reason', () => {
  const services = new Set(api.methods.map(({ service }) => service));
  const known = [...PUBLIC_SERVICES, ...Object.keys(WITHOUT_ROUTES)];
  expect([...services].toSorted()).toEqual(known.toSorted());
});

const methods = api.methods.filter(({ service }) => PUBLIC_SERVICES.includes(service));

test.each(methods.map((method) => [`${method.service}/${method.name}`, method] as const))(
  '%s has one route, which takes all of its request',
  (_, { name, request, isStream }) => {
    const routes = ROUTES.filter((route) => route.name === name);
    expect(routes).toHaveLength(1);
    const [route] = routes;
    expect(route?.kind).toBe(isStream ? 'stream' : 'unary');
    const taken = new Set(route?.fields.map((field) => field.to));
    // A connection is the whole body, so that its fields are those of the request.
    const wanted = name === 'setConnection' ? 'floe.v1.Connection' : request;
    const given = ['createTime', 'updateTime'];
    const missing = api
      .fieldsOf(wanted)
      .filter((field) => !taken.has(field) && !(name === 'setConnection' && given.includes(field)));
    expect(missing).toEqual([]);
  },
);

test('every route stands for a method, or the gateway itself answers it', () => {
  for (const route of ROUTES) {
    expect([route.name, methodOfRoute(api, route) !== undefined]).toEqual([
      route.name,
      route.kind !== 'local',
    ]);
  }
});

test.each(ROUTES.map((route) => [route.name, route] as const))(
  '%s takes nothing that its request does not have',
  (name, route) => {
    const request = requestOf(api, route);
    if (request === undefined) {
      expect(route.fields).toEqual([]);
      return;
    }
    expect(responseOf(api, route)).toBeDefined();
    const fields = api.fieldsOf(name === 'setConnection' ? 'floe.v1.Connection' : request);
    for (const field of route.fields) expect(fields, field.name).toContain(field.to);
  },
);
