import { toJsonSchema } from '@valibot/to-json-schema'
import { planDocumentSchema } from '../src/cli/output/plan-document.ts'

/** The JSON Schema of what `imagegen plan --json` prints. */
export function renderPlanSchema(): string {
  return `${JSON.stringify(toJsonSchema(planDocumentSchema, { target: 'draft-07' }), undefined, 2)}\n`
}
