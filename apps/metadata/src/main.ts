import { runService } from '@floe/service';
import { startMetadata } from './service.ts';

await runService('floe-metadata', startMetadata);
