import type { ControlDatabase } from '@floe/database';
import type { Mailer, Outcome } from '@floe/delivery';
import type { Log } from '@floe/telemetry';

/** What notices work with. */
export type NoticeContext = {
  readonly db: ControlDatabase['db'];
  readonly log: Log;
  /** Where people look at runs. */
  readonly gatewayUrl: string;
  readonly random: () => number;
  readonly newId: () => string;
};

/** The ways out of the house. */
export type Channels = {
  /** Undefined where no mail server is named. */
  readonly mailer: Mailer | undefined;
  readonly webhookHosts: readonly string[];
  publish(notice: { subject: string; id: string; body: string }): Promise<Outcome>;
};
