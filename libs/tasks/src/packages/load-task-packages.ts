/**
 * Packages of task types: code that whoever runs Floe has chosen (FLOE_TASK_PACKAGES), never a document.
 *
 *   L1. All of them are there before the process serves anybody: one that cannot be used is an error of its start.
 *   L2. Files and names count from the folder that is given, so that each process of an installation finds the same ones.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CustomTask } from '@floe/client/tasks';
import { FloeError, saidOf } from '@floe/errors';
import { readTaskPackage } from './read-task-package.ts';

/** Errors: CONFIGURATION_INVALID with the package that is not there, does not load or has a type that another has. */
export async function loadTaskPackages(
  specifiers: readonly string[],
  folder: string,
): Promise<readonly CustomTask[]> {
  const makers = new Map<string, string>();
  const tasks: CustomTask[] = [];
  for (const specifier of specifiers) {
    for (const task of readTaskPackage(specifier, await importFrom(specifier, folder))) {
      const other = makers.get(task.type);
      if (other !== undefined) throw invalid(specifier, `${task.type} is in ${other} already`);
      makers.set(task.type, specifier);
      tasks.push(task);
    }
  }
  return tasks;
}

async function importFrom(specifier: string, folder: string): Promise<unknown> {
  const path = pathOf(specifier, folder);
  try {
    return await import(pathToFileURL(path).href);
  } catch (thrown) {
    const said = saidOf(thrown);
    throw invalid(specifier, said, thrown);
  }
}

/** Errors: CONFIGURATION_INVALID. */
function pathOf(specifier: string, folder: string): string {
  if (isAbsolute(specifier) || specifier.startsWith('.')) {
    const path = resolve(folder, specifier);
    if (existsSync(path)) return path;
    throw invalid(specifier, `there is no file ${path}`);
  }
  try {
    return createRequire(join(folder, 'package.json')).resolve(specifier);
  } catch (thrown) {
    throw invalid(specifier, `no package of that name is installed for ${folder}`, thrown);
  }
}

function invalid(specifier: string, why: string, cause?: unknown): FloeError {
  return new FloeError(
    'CONFIGURATION_INVALID',
    `the task package ${specifier} cannot be used: ${why}`,
    {
      details: { setting: 'FLOE_TASK_PACKAGES', package: specifier },
      ...(cause !== undefined && { cause }),
      hint: 'Name a package that is installed where Floe was started, or a file by its path.',
    },
  );
}
