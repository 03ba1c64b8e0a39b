import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addSchedulesGet } from './schedules/get.ts';
import { addSchedulesList } from './schedules/list.ts';
import { addSchedulesNext } from './schedules/next.ts';
import { addSchedulesPause, addSchedulesResume } from './schedules/pause.ts';

export function addSchedulesCommand(program: Command, context: CommandContext): void {
  const schedules = program
    .command('schedules')
    .description('see when workflows run by themselves, and pause them');
  addSchedulesList(schedules, context);
  addSchedulesGet(schedules, context);
  addSchedulesNext(schedules, context);
  addSchedulesPause(schedules, context);
  addSchedulesResume(schedules, context);
}
