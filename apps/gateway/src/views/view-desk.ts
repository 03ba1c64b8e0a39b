/** Keeps views for callers: each its own, and what they share with all others. */
import { randomUUIDv7 } from 'node:crypto';
import { toControlError } from '@floe/database';
import type { ControlDatabase } from '@floe/database';
import { FloeError, isUuid } from '@floe/errors';
import type { Violation } from '@floe/errors';
import {
  DeleteViewRequest,
  GetViewRequest,
  ListViewsRequest,
  SaveViewRequest,
} from '@floe/rpc/contracts';
import type {
  DeleteViewResponse,
  GetViewResponse,
  ListViewsResponse,
  SaveViewResponse,
  View,
} from '@floe/rpc/contracts';
import type { Caller } from '../access/caller.ts';
import { noDatabase } from '../access/token-desk.ts';
import { cutPage, keyOfToken, pageSize, pageToken } from '../page.ts';
import { deleteView, findView, listViews, saveView } from '../store/views.ts';
import type { Sight, ViewRow } from '../store/views.ts';

// A name stands above a list, beside others.
const NAME = /^\P{Cc}{1,60}$/u;
// Printable ASCII is all that an address has once it is written as one. It names no other host.
const ADDRESS = /^\/[a-z]*(\?[!-~]*)?$/;
const ADDRESS_CHARACTERS_MAX = 2_000;

export class ViewDesk {
  readonly #database: ControlDatabase | undefined;

  constructor(database: ControlDatabase | undefined) {
    this.#database = database;
  }

  async save(values: unknown, { actor: owner }: Caller): Promise<SaveViewResponse> {
    const { name, address, shared } = requireValid(SaveViewRequest.fromJSON(values));
    const viewId = randomUUIDv7();
    const row = await this.#ask((database) =>
      saveView(database, { viewId, owner, name, address, shared }),
    );
    if (row !== undefined) return { view: toMessage(row) };
    throw new FloeError('LIMIT_EXCEEDED', `${owner} has a hundred views already`, {
      hint: 'Delete some of them first.',
    });
  }

  async get(values: unknown, caller: Caller): Promise<GetViewResponse> {
    const { viewId } = GetViewRequest.fromJSON(values);
    return {
      view: await this.#one(viewId, (database) => findView(database, sightOf(caller), viewId)),
    };
  }

  async list(values: unknown, caller: Caller): Promise<ListViewsResponse> {
    const request = ListViewsRequest.fromJSON(values);
    const size = pageSize(request.pageSize);
    const before = keyOfToken('views', request.pageToken, isUuid);
    const rows = await this.#ask((database) =>
      listViews(database, sightOf(caller), { before, limit: size + 1 }),
    );
    const page = cutPage(rows, size, (last) => pageToken('views', last.view_id));
    return { views: page.rows.map(toMessage), nextPageToken: page.nextPageToken };
  }

  async delete(values: unknown, { actor, level }: Caller): Promise<DeleteViewResponse> {
    const { viewId } = DeleteViewRequest.fromJSON(values);
    const by = { owner: actor, mayDeleteShared: level === 'admin' };
    return { view: await this.#one(viewId, (database) => deleteView(database, by, viewId)) };
  }

  async #one(
    viewId: string,
    query: (database: ControlDatabase) => Promise<ViewRow | undefined>,
  ): Promise<View> {
    // A text that is no id is not asked for: PostgreSQL would fail on some, like those with a NUL.
    const row = isUuid(viewId) ? await this.#ask(query) : undefined;
    if (row !== undefined) return toMessage(row);
    throw new FloeError('VIEW_NOT_FOUND', `there is no view ${viewId} for this caller`, {
      details: { viewId },
      hint: 'Views of others are seen where they are shared, and deleted by whoever saved them.',
    });
  }

  async #ask<Result>(query: (database: ControlDatabase) => Promise<Result>): Promise<Result> {
    if (this.#database === undefined) throw noDatabase();
    try {
      return await query(this.#database);
    } catch (thrown) {
      throw toControlError(thrown);
    }
  }
}

/** A view may name workflows: who is limited to some does not see what others have shared. */
function sightOf({ actor, workflowNames }: Caller): Sight {
  return { owner: actor, seesShared: workflowNames.length === 0 };
}

/** Throws ARGUMENT_INVALID with everything that is wrong. */
function requireValid(request: SaveViewRequest): SaveViewRequest {
  const { name, address } = request;
  const violations: Violation[] = [];
  if (!NAME.test(name) || name.trim() === '') {
    violations.push({ field: 'name', message: 'has to be 1 to 60 characters in one line' });
  }
  if (!ADDRESS.test(address) || address.length > ADDRESS_CHARACTERS_MAX) {
    const message = 'has to be a path of the console with its query, at most 2,000 characters';
    violations.push({ field: 'address', message });
  }
  if (violations.length === 0) return request;
  const listed = violations.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new FloeError('ARGUMENT_INVALID', `the view cannot be saved: ${listed}`, { violations });
}

function toMessage(row: ViewRow): View {
  return {
    viewId: row.view_id,
    name: row.name,
    address: row.address,
    shared: row.shared,
    owner: row.owner,
    updateTime: new Date(row.updated_at),
  };
}
