import { runService } from '@floe/service';
import { startExecutor } from './service.ts';

await runService('floe-executor', startExecutor);
