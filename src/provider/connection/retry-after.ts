import { type AnswerHeaders, headerText } from './answer-headers.ts'

/**
 * How long the server asks to wait, in milliseconds: `retry-after-ms`, else `Retry-After` as
 * seconds or as a date. Undefined when neither can be understood.
 *
 * @param now milliseconds since the epoch
 */
export function parseRetryAfter(headers: AnswerHeaders, now: number): number | undefined {
  return (
    parseNumber(headerText(headers, 'retry-after-ms'), 1) ??
    parseNumber(headerText(headers, 'retry-after'), 1000) ??
    parseDate(headerText(headers, 'retry-after'), now)
  )
}

/**
 * The wait that an error message of a rate limit names, in milliseconds: some servers say
 * "try again in 51.84s" and send no header.
 */
export function parseWaitInText(text: string): number | undefined {
  const match =
    /\b(?:try again|retry) (?:in|after) (?:(\d+)\s*m(?:in(?:ute)?s?)?(?![a-z])\s*)?(?:(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|seconds?)\b)?/i.exec(
      text,
    )
  const [, minutes, amount, unit] = match ?? []
  if (minutes === undefined && amount === undefined) return undefined
  const rest = Number(amount ?? 0) * (unit?.toLowerCase().startsWith('m') ? 1 : 1000)
  return Math.ceil(Number(minutes ?? 0) * 60_000 + rest)
}

function parseNumber(text: string | undefined, unit: number): number | undefined {
  if (text === undefined || !/^\d+(?:\.\d+)?$/.test(text)) return undefined
  return Math.ceil(Number(text) * unit)
}

function parseDate(text: string | undefined, now: number): number | undefined {
  // Date.parse accepts nearly anything; HTTP's three forms of a date all begin with a weekday.
  if (text === undefined || !/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : Math.max(0, time - now)
}
