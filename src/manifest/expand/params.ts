import type { Faults } from '../source/faults.ts'
import type { Layer } from './layers.ts'

/** Fields of a request that `params` cannot set, and what to write instead. */
const RESERVED_PARAMS: Readonly<Record<string, string>> = {
  model: 'Write `model` beside `params`.',
  prompt: 'Write `prompt` beside `params`.',
  size: 'Write `size` beside `params`.',
  image: 'Write `references` beside `params`.',
  'image[]': 'Write `references` beside `params`.',
  mask: 'Write `mask` beside the first of the `references`: `{ file: ./a.png, mask: ./mask.png }`.',
  n: 'Each image is one request. For more pictures, write more images or another `revision`.',
  response_format: 'Remove it. The answer is always `b64_json`.',
  output_format:
    'Remove it. The original is always requested as PNG, and `output.formats` converts it.',
  stream: 'Remove it. Answers are not streamed in parts.',
  partial_images: 'Remove it. Answers are not streamed in parts.',
}

export function checkParams({ yaml, path, fields }: Layer, faults: Faults): void {
  for (const name of Object.keys(fields.params ?? {})) {
    const hint = Object.hasOwn(RESERVED_PARAMS, name) ? RESERVED_PARAMS[name] : undefined
    if (hint === undefined) continue
    const span = yaml.keySpan([...path, 'params', name])
    const message = `\`params.${name}\` cannot be set: every request has it already.`
    faults.add(yaml.source.diagnostic(span, message, hint))
  }
}
