import type { RecordedRequest } from './read-request.ts'

/** How one request is answered instead of with a drawn picture. */
export interface Reply {
  /** Another status than 200 is sent at once: nothing is checked, nothing is made or billed. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. With status 200 it stands instead of the picture, which is billed. */
  readonly body?: string | Uint8Array | object
  /** Milliseconds before the answer. */
  readonly delay?: number
  /** The picture is made and billed, then the connection is reset. */
  readonly drop?: boolean
  /** These bytes instead of the drawn ones. */
  readonly picture?: Buffer
  /** What the answer says of tokens and cost, beside the picture. */
  readonly usage?: object
}

export interface ScriptedReplies {
  /** Answers the next requests so, in this order, whatever they ask for. */
  failNext(...replies: readonly Reply[]): void
  /**
   * Answers requests whose prompt contains a text so.
   * @param times how many of them; without it, all
   */
  failWhen(text: string, reply: Reply, times?: number): void
}

interface Rule {
  readonly text: string
  readonly reply: Reply
  times: number
}

export function createScript() {
  let queue: Reply[] = []
  let rules: Rule[] = []
  return {
    failNext(...replies: readonly Reply[]): void {
      queue.push(...replies)
    },
    failWhen(text: string, reply: Reply, times = Number.POSITIVE_INFINITY): void {
      rules.push({ text, reply, times })
    },
    /** The reply for a request, taken off the script. */
    next({ prompt }: RecordedRequest): Reply | undefined {
      const first = queue.shift()
      if (first) return first
      const rule = rules.find(({ text, times }) => times > 0 && prompt.includes(text))
      if (rule) rule.times--
      return rule?.reply
    },
    clear(): void {
      queue = []
      rules = []
    },
  }
}
