import type { ApiDescription, ApiMethod } from '@floe/rpc';
import type { Route } from '../routes/route.ts';

/** The services whose methods are all there over REST. */
export const PUBLIC_SERVICES: readonly string[] = [
  'floe.v1.MetadataService',
  'floe.v1.SchedulerService',
  'floe.v1.ReportingService',
];

/** A route has the name of its method. What the gateway answers itself has messages, but no method. */
export function methodOfRoute(api: ApiDescription, route: Route): ApiMethod | undefined {
  return api.methods.find(
    ({ service, name }) => PUBLIC_SERVICES.includes(service) && name === route.name,
  );
}

// Answers of the gateway that no message describes.
const PLAIN: ReadonlySet<string> = new Set([
  'getSystem',
  'getOpenapi',
  'getHealth',
  'getReadiness',
  'getDocumentSchema',
]);

/** The message that a route answers with; undefined for plain objects. */
export function responseOf(api: ApiDescription, route: Route): string | undefined {
  if (PLAIN.has(route.name)) return undefined;
  const method = methodOfRoute(api, route);
  return method?.response ?? `floe.v1.${pascal(route.name)}Response`;
}

export function requestOf(api: ApiDescription, route: Route): string | undefined {
  if (PLAIN.has(route.name)) return undefined;
  const method = methodOfRoute(api, route);
  return method?.request ?? `floe.v1.${pascal(route.name)}Request`;
}

function pascal(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
