import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { ScheduleCard } from '../schedules/schedule-card.tsx';
import { useAnswer } from '../use-answer.ts';

/** The schedules of a workflow. */
export function WorkflowSchedules({ name }: { readonly name: string }) {
  const answer = useAnswer({
    key: `schedules of ${name}`,
    call: async () => (await floe.listSchedules({ workflowName: name })).schedules,
  });
  return (
    <Answered answer={answer} what="the schedules">
      {(schedules) =>
        schedules.length === 0 ? (
          <section className="empty">
            <h2>It runs when somebody starts it</h2>
            <p>A schedule is a part of the document. Add one and apply it:</p>
            <pre className="example">{EXAMPLE}</pre>
          </section>
        ) : (
          <div className="schedules">
            {schedules.map((schedule) => (
              <ScheduleCard
                key={schedule.scheduleId}
                schedule={schedule}
                onChanged={answer.reload}
              />
            ))}
          </div>
        )
      }
    </Answered>
  );
}

const EXAMPLE = `schedules:
  - name: daily
    cron: "0 6 * * *"
    timezone: ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
