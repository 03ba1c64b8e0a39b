import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FloeError } from '@floe/errors';

export type SystemUser = { readonly name: string; readonly uid: number; readonly gid: number };

// PostgreSQL's own account where a package made one, else the account without rights that every Unix has. Floe adds
// no account to the machine.
const UNPRIVILEGED_NAMES = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. This is the account to run it as, or undefined when this process is not root and
 * may run it as itself.
 */
export async function findUnprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  for (const name of UNPRIVILEGED_NAMES) {
    const user = users.find((candidate) => candidate.name === name);
    if (user) return user;
  }
  throw new FloeError(
    'TOOL_MISSING',
    'PostgreSQL does not run as root, and no other account is there',
    {
      hint: 'Run Floe as an ordinary user, or add an account: useradd --system postgres',
    },
  );
}

/** Lines of passwd(5): `name:password:uid:gid:comment:home:shell`. */
export function parsePasswd(text: string): SystemUser[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (!name || !uid || !gid) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}

/** Whether the user may pass through every folder down to this one. Looks at owner, group and mode; not at ACLs. */
export async function canReach(folder: string, user: SystemUser): Promise<boolean> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const { mode, uid, gid } = await stat(current);
    const execute = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & execute) === 0) return false;
    if (current === dirname(current)) return true;
  }
}
