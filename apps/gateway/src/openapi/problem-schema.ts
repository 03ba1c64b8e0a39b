/** What every error looks like. Its name is not that of the message `Problem`, which is a problem of a document. */
export const PROBLEM_NAME = 'ProblemDocument';

export const PROBLEM_SCHEMA = {
  type: 'object',
  description:
    'RFC 9457, with the code of the error, its mend, and each thing that is wrong in an input.',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string' },
    hint: { type: 'string' },
    details: { type: 'object', additionalProperties: { type: 'string' } },
    violations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: { type: 'string' },
          message: { type: 'string' },
          hint: { type: 'string' },
          place: {
            type: 'object',
            properties: {
              line: { type: 'integer' },
              column: { type: 'integer' },
              length: { type: 'integer' },
            },
          },
        },
      },
    },
  },
};

export const PROBLEM_EXAMPLE = {
  type: 'urn:floe:error:run_not_found',
  title: 'Run not found',
  status: 404,
  detail: 'no run 0199c2de-7a10-7cc1-8a55-1f6d3b2a9e04',
  instance: '/api/v1/runs/0199c2de-7a10-7cc1-8a55-1f6d3b2a9e04',
  code: 'RUN_NOT_FOUND',
  hint: 'List the runs.',
};
