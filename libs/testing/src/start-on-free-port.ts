import { freePort, type RunningChild } from '@floe/embedded';

// Another process can take the port between choosing and using it; three times in a row is no accident.
const START_ATTEMPTS_MAX = 3;

export async function startOnFreePort(
  start: (port: number) => Promise<RunningChild>,
): Promise<{ child: RunningChild; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { child: await start(port), port };
    } catch (error) {
      if (attempt === START_ATTEMPTS_MAX) throw error;
    }
  }
}
