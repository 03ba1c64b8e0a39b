import { existsSync } from 'node:fs';
import { FloeError } from '@floe/errors';
import { type Browser, chromium } from 'playwright-core';

// Where Debian and those who package for it put it.
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium of the machine, without a window. Errors: CONFIGURATION_INVALID where there is none. */
export function openBrowser(): Promise<Browser> {
  const executablePath = PATHS.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new FloeError('CONFIGURATION_INVALID', 'there is no Chromium to look at the console', {
      hint: 'apt-get install chromium',
    });
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
