import { formatImageId, type ImageId } from '../../../../manifest/image-id.ts'
import type { TypedField } from './typed-fields.ts'

/** What was typed for an image and is not saved. */
export interface WordsDraft {
  readonly image: ImageId
  readonly fields: readonly TypedField[]
}

/**
 * Drafts in the tab's own storage: the page is loaded again when the development server restarts or
 * a module of the site asks for it.
 */
export interface WordsDrafts {
  read(): readonly WordsDraft[]
  write(drafts: readonly WordsDraft[]): void
}

/** @param project so that another project on the same port does not get them */
export function createWordsDrafts(project: string): WordsDrafts {
  const name = `imagegen:words:${project}`
  return {
    read() {
      try {
        const drafts: unknown = JSON.parse(sessionStorage.getItem(name) ?? '[]')
        return Array.isArray(drafts) ? drafts.filter(isDraft) : []
      } catch {
        // A browser that gives no storage, or what another version left.
        return []
      }
    },
    write(drafts) {
      try {
        if (drafts.length > 0) sessionStorage.setItem(name, JSON.stringify(drafts))
        else sessionStorage.removeItem(name)
      } catch {
        // Without storage, and beyond its size, they last as long as the page.
      }
    },
  }
}

function isDraft(value: WordsDraft): boolean {
  try {
    return (
      formatImageId(value.image) !== '' &&
      value.fields.every(
        ({ path, text }) =>
          path.every(name => typeof name === 'string') && typeof text === 'string',
      )
    )
  } catch {
    return false
  }
}
