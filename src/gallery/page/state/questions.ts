import { type ReadonlySignal, signal } from '@preact/signals'

/** What somebody is asked before something costs money or has consequences. */
export interface Question {
  readonly title: string
  /** What it is about: `hero of site.image.yaml`. */
  readonly subject: string
  readonly sentences: readonly string[]
  /** Label of the button that agrees. */
  readonly agreed: string
}

export interface Questions {
  /** The one that waits for an answer. */
  readonly open: ReadonlySignal<Question | undefined>
  /** Resolves with the answer. */
  ask(question: Question): Promise<boolean>
  answer(agreed: boolean): void
}

export function createQuestions(): Questions {
  const open = signal<Question | undefined>(undefined)
  let settle: ((agreed: boolean) => void) | undefined
  const answer = (agreed: boolean): void => {
    open.value = undefined
    settle?.(agreed)
    settle = undefined
  }
  return {
    open,
    ask(question) {
      answer(false)
      open.value = question
      return new Promise(resolve => {
        settle = resolve
      })
    },
    answer,
  }
}
