import { runService } from '@floe/service';
import { startReporting } from './service.ts';

await runService('floe-reporting', (env) => startReporting(env));
