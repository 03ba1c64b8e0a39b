import { mendsItself, type Fault } from '../fault.ts';
import { onePid, signal } from '../processes.ts';

/** SIGKILL of one backend that a service or a task uses: PostgreSQL ends all others and recovers from its log. */
export const crashBackend: Fault = {
  name: 'crash postgres backend',
  async begin({ floe, random }) {
    const backends = await floe.sql<{ pid: number }>(
      'control',
      `select pid from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
    );
    signal(random.pick(backends).pid, 'SIGKILL');
    return mendsItself;
  },
};

/** A fast shutdown: sessions are ended, and the supervisor starts the server again. */
export const restartPostgres: Fault = {
  name: 'restart postgres',
  async begin({ floe }) {
    signal(onePid(floe, 'postgres'), 'SIGINT');
    return mendsItself;
  },
};
