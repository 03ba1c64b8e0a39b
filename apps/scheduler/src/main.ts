import { runService } from '@floe/service';
import { startScheduler } from './service.ts';

await runService('floe-scheduler', startScheduler);
