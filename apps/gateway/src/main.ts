import { runService } from '@floe/service';
import { startGateway } from './service.ts';

await runService('floe-gateway', (env) => startGateway(env));
