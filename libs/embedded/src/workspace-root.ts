import { join } from 'node:path';

/** The root folder of the workspace that this file belongs to: where `apps`, `libs` and `.tools` are. */
export const workspaceRoot: string = join(import.meta.dirname, '..', '..', '..');
