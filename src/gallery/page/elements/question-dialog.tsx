import type { Question } from '../state/questions.ts'
import { Modal } from './modal.tsx'

interface QuestionDialogProps {
  readonly question: Question
  onAnswer(agreed: boolean): void
}

export function QuestionDialog({ question, onAnswer }: QuestionDialogProps) {
  const { title, subject, sentences, agreed } = question
  return (
    <Modal
      class="confirm stack"
      labelledBy="confirm-title"
      describedBy="confirm-words"
      onClose={value => onAnswer(value === 'yes')}
    >
      <h2 class="title" id="confirm-title">
        {title}
      </h2>
      <div class="stack" id="confirm-words">
        <p>{subject}</p>
        {sentences.map(sentence => (
          <p key={sentence} class="quiet">
            {sentence}
          </p>
        ))}
      </div>
      <form method="dialog" class="row">
        <button class="button push" type="submit" value="no" autofocus>
          Cancel
        </button>
        <button class="button primary" type="submit" value="yes">
          {agreed}
        </button>
      </form>
    </Modal>
  )
}
