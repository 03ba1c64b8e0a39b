import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import type { FuzzAnswer } from './judge-answer.ts';
import type { OpenApi, Target } from './requests.ts';

/** Holds good answers against the schemas that the document gives for them. */
export function answerChecker(
  api: OpenApi,
): (target: Target, answer: FuzzAnswer) => string | undefined {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...api, $id: 'api' });
  const validators = new Map<string, ValidateFunction>();
  return ({ path, method }, { status, type, text }) => {
    if (status !== 200 || !type.startsWith('application/json')) return undefined;
    const key = `${path} ${method}`;
    const validate = validators.get(key) ?? ajv.compile({ $ref: schemaAt(path, method) });
    validators.set(key, validate);
    if (validate(JSON.parse(text))) return undefined;
    return `not as its schema says: ${ajv.errorsText(validate.errors)}`;
  };
}

function schemaAt(path: string, method: string): string {
  const parts = [
    'paths',
    path,
    method,
    'responses',
    '200',
    'content',
    'application/json',
    'schema',
  ];
  const pointer = parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'));
  return `api#/${pointer.map(encodeURIComponent).join('/')}`;
}
