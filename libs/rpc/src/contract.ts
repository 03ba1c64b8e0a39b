/** One method of a generated service: its path and how its messages are written and read. */
export type MethodContract = {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: never) => Buffer;
  readonly requestDeserialize: (value: Buffer) => unknown;
  readonly responseSerialize: (value: never) => Buffer;
  readonly responseDeserialize: (value: Buffer) => unknown;
};

/** A generated service, like `SchedulerService` of `@floe/rpc/contracts`. */
export type ServiceContract = Readonly<Record<string, MethodContract>>;

export type RequestOf<Method extends MethodContract> = ReturnType<Method['requestDeserialize']>;
export type ResponseOf<Method extends MethodContract> = ReturnType<Method['responseDeserialize']>;

/** The full name, like `floe.v1.SchedulerService`, from the path of any method. */
export function serviceName(contract: ServiceContract): string {
  const path = Object.values(contract)[0]?.path ?? '';
  return path.split('/')[1] ?? '';
}

/** The full method, like `floe.v1.SchedulerService/StartRun`: the name of its spans. */
export function methodName(method: MethodContract): string {
  return method.path.slice(1);
}
