/** What Rolldown hands to its log: a code, and a text that names plugins. */
interface HostLog {
  readonly code?: string | undefined
  readonly message: string
}

/** The codes of Rolldown's list of slow plugins, in its versions. */
const TIMINGS = new Set(['PLUGIN_TIMINGS', 'BUNDLER_TIMINGS'])

/** Our hooks are listed with their share of the time; lists without times have us for our many calls. */
const OUR_TIME = /\bunplugin-imagegen \w+ \(\d+%/

/**
 * A hook that drops Rolldown's warning about slow plugins when we are in it: a build that waits for
 * pictures is as slow as it has to be. Builds that do not wait keep their warnings.
 * @returns false for a log that is not to be shown
 */
export function withoutOurWaiting(_level: string, { code, message }: HostLog): false | undefined {
  const isAboutUs = TIMINGS.has(code ?? '') && OUR_TIME.test(message)
  return isAboutUs ? false : undefined
}
