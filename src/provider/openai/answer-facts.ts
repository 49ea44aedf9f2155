import { isRecord } from '../../system/is-record.ts'
import type { AnswerFacts } from '../provider.ts'
import type { Scrub } from '../scrub.ts'
import type { AnswerScanner } from './answer-scanner.ts'
import { plainText } from './api-fault.ts'

type Fields = Readonly<Record<string, unknown>>

/** The answer without its pictures, and without the key; undefined when it is not valid JSON. */
export function parseRest({ rest }: AnswerScanner, scrub: Scrub): unknown {
  try {
    return scrubbed(JSON.parse(rest), scrub)
  } catch {
    return undefined
  }
}

/** The same value without the key in its texts and in the names of its fields. */
function scrubbed(value: unknown, scrub: Scrub): unknown {
  if (typeof value === 'string') return scrub(value)
  if (Array.isArray(value)) return value.map(item => scrubbed(item, scrub))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [scrub(name), scrubbed(field, scrub)]),
  )
}

/** The entries of `data` at their places; an entry that is no object counts as empty. */
export function answerPictures(answer: unknown): readonly Fields[] {
  const data = isRecord(answer) && Array.isArray(answer.data) ? answer.data : []
  return data.map((entry: unknown) => (isRecord(entry) ? entry : {}))
}

/** The answer's other fields, those of the picture beside those of the answer. */
export function collectFacts(
  answer: unknown,
  picture: Fields | undefined,
  { cut }: AnswerScanner,
): AnswerFacts {
  const { data: _, ...ofAnswer } = isRecord(answer) ? answer : {}
  const { b64_json: __, url: ___, ...ofPicture } = picture ?? {}
  const warnings: string[] = []
  const several = answerPictures(answer).filter(
    one => typeof (one.b64_json ?? one.url) === 'string',
  )
  if (several.length > 1) {
    warnings.push(`The answer holds ${several.length} pictures. The first one is kept.`)
  }
  if (answer === undefined) {
    const why = cut ? 'are too large' : 'are not valid JSON'
    warnings.push(`The fields beside the picture ${why} and are not kept.`)
  }
  return { ...ofAnswer, ...ofPicture, ...(warnings.length > 0 ? { warnings } : {}) }
}

/** Why an answer without a picture, an address or an error cannot be read. */
export function describeLack(answer: unknown, scanner: AnswerScanner): string {
  if (scanner.picture === 'closed') return `data[${scanner.index}].b64_json is an empty string`
  if (scanner.picture === 'open') return 'it ends inside the picture'
  if (answer === undefined) return describeText(scanner)
  const { data, task_id, taskId, id } = isRecord(answer) ? answer : {}
  const task = task_id ?? taskId ?? id
  if (!Array.isArray(data) && (typeof task === 'string' || typeof task === 'number')) {
    return `it names a task (${String(task).slice(0, 100)}) instead of a picture. Such an API makes the picture later and needs further requests, which is not supported. Set \`provider.baseURL\` to an API that answers with the picture`
  }
  if (!Array.isArray(data)) return 'it has no list `data`'
  if (data.length === 0) return 'its list `data` is empty'
  const names = isRecord(data[0]) ? Object.keys(data[0]).join(', ') : ''
  return `data[0] has no text b64_json${names ? `, only ${names.slice(0, 200)}` : ''}`
}

function describeText({ rest, balanced }: AnswerScanner): string {
  const start = rest.trimStart()
  if (start.startsWith('{') && !balanced) return 'it ends before the picture'
  return `it starts with “${plainText(start) || start.slice(0, 80)}” instead of JSON. A web page instead of an answer usually comes from a proxy, a login page or a wrong URL. Check \`provider.baseURL\`, HTTPS_PROXY and any proxy on the way`
}
