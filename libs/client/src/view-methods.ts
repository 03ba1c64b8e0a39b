import { answer, part } from './answers.ts';
import type { Transport } from './http-transport.ts';
import type { ViewClient } from './view-types.ts';

const VIEWS = '/api/v1/views';

export function viewMethods(transport: Transport): ViewClient {
  const pathOf = (viewId: string) => `${VIEWS}/${encodeURIComponent(viewId)}`;
  return {
    listViews: (options) =>
      answer(transport, 'GET', VIEWS, { query: { ...options }, holds: 'views' }),
    getView: async (viewId) => part(await transport.call('GET', pathOf(viewId)), 'view'),
    saveView: async (view) => part(await transport.call('POST', VIEWS, { body: view }), 'view'),
    deleteView: async (viewId) => part(await transport.call('DELETE', pathOf(viewId)), 'view'),
  };
}
